import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator, ManualClock } from 'claude-api-simulator';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteRequestStore } from '../../libs/claude-resilience/src/sqlite/sqlite-request-store.js';

/** How many times the process is killed. More: `CRASHES=200`. */
const CRASHES = Number(process.env['CRASHES'] ?? 8);
const MINUTE = 60_000;
const CREATE = { method: 'POST', path: '/v1/messages/batches' } as const;

const directory = mkdtempSync(join(tmpdir(), 'claude-batch-crash-'));
const path = join(directory, 'requests.db');
const clock = new ManualClock();
let api: ClaudeSimulator;
beforeAll(async () => {
  api = await ClaudeSimulator.start({ clock, limits: false, batches: { durationMs: 12 * MINUTE } });
  // Besides the deaths: what was done and nobody learnt, what was not, and results that break off.
  api.scenario.set([
    { fault: 'reset_before_headers', strikesAt: 'answer', share: 0.15, when: CREATE },
    { fault: 'overloaded', share: 0.15, when: CREATE },
    { fault: 'truncated_body', share: 0.2, when: { path: '/v1/messages/batches/*/results' } },
  ]);
});
afterAll(async () => {
  await api.stop();
  rmSync(directory, { recursive: true });
});

interface End {
  readonly signal: string | null;
  readonly stderr: string;
  readonly words: readonly (readonly [string, string, ...string[]])[];
}

/** Not `spawnSync`: the API of the dying lives here. */
function live(...values: readonly (string | number)[]): Promise<End> {
  const worker = join(import.meta.dirname, 'batch-worker.mjs');
  const child = spawn(process.execPath, ['--no-warnings', worker, ...values.map(String)], { timeout: 60_000 });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (_code, signal) => {
      const lines = stdout.split('\n').filter((line) => line !== '');
      resolve({ signal, stderr, words: lines.map((line) => JSON.parse(line) as End['words'][number]) });
    });
  });
}

/** How often the API was handed each prompt, and took it. */
function taken(): Map<string, number> {
  const times = new Map<string, number>();
  for (const { method, path: asked, body, status, fault } of api.requests.list()) {
    if (method !== 'POST' || asked !== CREATE.path || (status !== 200 && fault !== 'reset_before_headers')) continue;
    const { requests } = body as { requests: { params: { messages: { content: string }[] } }[] };
    for (const { params } of requests) {
      const prompt = params.messages[0]?.content ?? '';
      times.set(prompt, (times.get(prompt) ?? 0) + 1);
    }
  }
  return times;
}

describe('a process that is killed while its requests are with the Batches API (R12)', () => {
  it(
    `loses nothing, sends nothing twice and handles nothing that has ended, over ${CRASHES} deaths`,
    async () => {
      const acknowledged = new Set<string>();
      const asked = new Set<string>();
      const ended = new Set<string>();
      const handled = new Map<string, number>();
      const events = new Map<string, number>();
      for (let life = 1; life <= CRASHES + 1; life++) {
        const steps = life > CRASHES ? 0 : 10 + ((life * 97) % 331);
        const { signal, stderr, words } = await live(path, api.url, clock.nowMs(), life, steps);
        expect([life, signal, stderr]).toEqual([life, steps === 0 ? null : 'SIGKILL', '']);
        expect(words[0]).toEqual(['open']);
        for (const [word, id] of words) {
          if (word === 'asked') asked.add(id);
          if (word === 'enqueued') acknowledged.add(id);
          if (word === 'ended') ended.add(id);
          if (word === 'handled') {
            expect([id, ended.has(id)]).toEqual([id, false]);
            handled.set(id, (handled.get(id) ?? 0) + 1);
          }
          if (word === 'left') expect(Number(id)).toBe(0);
          if (word.startsWith('batch.')) events.set(word, (events.get(word) ?? 0) + 1);
        }
        // Leases of what was only collected are over by then.
        clock.advance(5 * MINUTE);
      }
      const store = new SqliteRequestStore({ path });
      const times = taken();
      for (const id of acknowledged) {
        const { state } = (await store.get(id))!;
        expect([id, state.name]).toEqual([id, 'succeeded']);
        expect([id, times.get(`Of ${id}`)]).toEqual([id, 1]);
        expect(handled.get(id)).toBeGreaterThanOrEqual(1);
      }
      await store.close();
      // Again only where a process died between the handler and the end of its request.
      const again = [...handled.values()].reduce((sum, n) => sum + n - 1, 0);
      expect(again).toBeLessThanOrEqual(CRASHES * 4);
      expect([...times.keys()].filter((prompt) => !asked.has(prompt.slice('Of '.length)))).toEqual([]);
      expect(acknowledged.size).toBeGreaterThan(CRASHES);
      if (process.env['SHOW'] !== undefined)
        console.log({ acknowledged: acknowledged.size, again, batches: api.requests.count(CREATE), events });
    },
    CRASHES * 20_000,
  );
});
