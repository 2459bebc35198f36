import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClaudeSimulator } from 'claude-api-simulator';
import { SqliteRequestStore } from '../../libs/claude-resilience/src/sqlite/sqlite-request-store.js';
import { DemoProcess } from './demo-process.js';

const OPERATOR_TOKEN = 'the-token-of-the-operators';
/** Of the queue, and for the rest of the way out, in milliseconds. */
const GRACE_MS = 10_000;
const DEFERRED = 24;

/** What a probe is told until nobody answers any more. */
async function probe(url: string): Promise<readonly string[]> {
  const heard: string[] = [];
  for (;;) {
    try {
      const response = await fetch(`${url}/health/claude`, { headers: { connection: 'close' } });
      heard.push(`${response.status} ${((await response.json()) as { status: string }).status}`);
    } catch {
      return heard;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('SIGTERM under load (R38)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'claude-shutdown-'));
  let api: ClaudeSimulator;
  beforeAll(async () => {
    api = await ClaudeSimulator.start({ latencyMs: 500, limits: false, stream: { delayMs: 20 } });
  });
  afterAll(async () => {
    await api.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = () =>
    DemoProcess.start({
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_BASE_URL: api.url,
      DATA_DIR: directory,
      OPERATOR_TOKEN,
      LOG_LEVEL: 'warn',
    });

  it('probes hear of it, streams and requests end whole, accepted work is kept, and the process ends by itself', async () => {
    const demo = await start();
    const reader = await fetch(`${demo.url}/claude/dashboard/events`, {
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
    });
    expect(reader.status).toBe(200);
    const accepted: string[] = [];
    for (let n = 0; n < DEFERRED; n++) {
      const answer = await demo.post('/summaries', { document: `Deferred ${n}.` }, { prefer: 'respond-async' });
      expect(answer.status).toBe(202);
      accepted.push(((await answer.json()) as { requestId: string }).requestId);
    }
    const before = api.requests.count();
    const waiting = [0, 1, 2, 3].map((n) => demo.post('/summaries', { document: `Waited for ${n}.` }));
    const chats = [0, 1, 2].map((n) => demo.post('/chat', { messages: [{ role: 'user', content: `Chat ${n}` }] }));
    await api.requests.whenReceived(before + 7);
    // They write already: a head and the first word have come.
    const streams = await Promise.all(chats);

    const askedAtMs = performance.now();
    demo.terminate();
    const probes = probe(demo.url);
    for (const stream of streams) {
      const text = await stream.text();
      expect([stream.status, /event: done/.test(text), /event: (error|failed)/.test(text)]).toEqual([200, true, false]);
    }
    for (const answer of await Promise.all(waiting)) {
      expect([answer.status, answer.headers.get('x-claude-outcome')]).toEqual([200, 'served']);
    }
    // A page that somebody has open keeps nobody from going.
    expect(await reader.text()).toContain('event: page');
    expect(await demo.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedAtMs).toBeLessThan(GRACE_MS + 5_000);
    const heard = await probes;
    expect(heard.at(-1)).toBe('503 shutting_down');

    const store = new SqliteRequestStore({ path: join(directory, 'claude.db') });
    const states = await Promise.all(accepted.map(async (id) => (await store.get(id))?.state.name));
    await store.close();
    expect(states.filter((state) => state !== 'succeeded' && state !== 'waiting')).toEqual([]);
    // The test is worth something only if it came in the middle.
    expect(states).toContain('waiting');

    const next = await start();
    for (const id of accepted) {
      const stateOf = async () =>
        ((await (await fetch(`${next.url}/claude/requests/${id}`)).json()) as { status: string }).status;
      while ((await stateOf()) !== 'succeeded') await new Promise((resolve) => setTimeout(resolve, 50));
    }
    next.terminate();
    expect(await next.ended).toEqual({ code: 0, signal: null });
    // Each was answered, and paid for, once.
    const answered = api.requests
      .list()
      .filter(({ status }) => status === 200)
      .flatMap(({ body }) => /Deferred (\d+)\./.exec(JSON.stringify(body))?.[1] ?? []);
    expect(answered.toSorted()).toEqual(Array.from({ length: DEFERRED }, (_, n) => String(n)).toSorted());
  }, 90_000);
});
