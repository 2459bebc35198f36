import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Post } from '@nestjs/common';
import type { FaultRule } from 'claude-api-simulator';
import fc from 'fast-check';
import { ClaudeFallback, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { ManualClock, ScriptedRandom } from 'nestjs-claude-resilience/testing';
import { ClientLeft } from '../src/claude/client-left.js';
import { RunningDemo } from './demo/running-demo.js';
import { useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
afterEach(closeApps);

const SONNET = 'claude-sonnet-5-5';
/** Not in our table, so that nothing is estimated. */
const UNKNOWN_MODEL = 'claude-of-next-year';
/** 200 000 tokens: 800 000 characters, as the simulator counts. */
const SMALL_WINDOW = 'claude-haiku-4-5';

/** 60 paragraphs of 500 characters. */
const DOCUMENT = paragraphs(60, 500);
const WHOLE: FaultRule['when'] = { promptIncludes: '[whole]' };
const PARTS: FaultRule['when'] = { promptIncludes: '[part ' };

type Options = Partial<Parameters<ClaudeResilienceService['summarise']>[1]>;

function paragraphs(count: number, characters: number): string {
  return Array.from({ length: count }, (_, index) => `P${index}. `.padEnd(characters - 2, 'word ')).join('\n\n');
}

/** Real HTTP, the real SDK; only time and chance are ours. */
async function start(model = SONNET) {
  const clock = new ManualClock();
  const { app, events, nextEvent } = await startApp({
    clock,
    random: new ScriptedRandom(0.5),
    claude: { baseURL: simulator.api.url, circuit: false, pacing: false },
  });
  const claude = app.get(ClaudeResilienceService);
  const summarise = (document: string, options: Options = {}) =>
    claude.summarise(document, {
      prompt: (text, { number, of, isJoin }) => ({
        model,
        max_tokens: 1_000,
        system: `Summarise. ${isJoin ? '[join]' : of === 1 ? '[whole]' : `[part ${number} of ${of}]`}`,
        messages: [{ role: 'user', content: `<document>${text}</document>` }],
      }),
      ...options,
    });
  return { claude, summarise, clock, events, nextEvent };
}

/** What arrived, in order: what the prompt called itself, and how it ended. */
function asked(): readonly string[] {
  return simulator.api.requests.list().map(({ body, path, status }) => {
    const name = /\[.*\]/.exec((body as { system?: string } | null)?.system ?? '')?.[0] ?? path;
    return `${path.endsWith('count_tokens') ? 'count ' : ''}${name} ${status}`;
  });
}

describe('a document that is too large (R5)', () => {
  it('a document that fits is one request, of the feature for summaries', async () => {
    const { summarise, events } = await start();
    const { message, parts } = await summarise(DOCUMENT);
    expect([message.type, parts]).toEqual(['message', []]);
    expect(asked()).toEqual(['[whole] 200']);
    expect(events.map((event) => 'call' in event && event.call.feature)).toEqual(['summarisation']);
  });

  it('413 for the whole: its parts are summarised, and joined in order', async () => {
    const { summarise, events } = await start();
    simulator.api.scenario.set([{ fault: 'too_large_html', when: WHOLE }]);
    const { message, parts } = await summarise(DOCUMENT);
    expect(asked()[0]).toBe('[whole] 413');
    expect(asked().slice(1, -1).toSorted()).toEqual(['[part 1 of 2] 200', '[part 2 of 2] 200']);
    expect(asked().at(-1)).toBe('[join] 200');
    expect(parts.map(({ content }) => content[0])).toMatchObject([
      { text: expect.stringMatching(/^P0\b/) },
      { text: expect.stringMatching(/^P3\d\b/) },
    ]);
    expect(message.content[0]).toMatchObject({ text: expect.stringMatching(/^P0\b/) });
    expect(new Set(events.map((event) => 'call' in event && event.call.id)).size).toBe(1);
  });

  it('a prompt that the API finds too long is cut by the numbers it gives', async () => {
    const { summarise } = await start(SMALL_WINDOW);
    const { parts } = await summarise(paragraphs(850, 1_000));
    expect(parts).toHaveLength(2);
    expect(asked().map((line) => line.slice(-3))).toEqual(['400', '200', '200', '200']);
  });

  it('far too long: as many parts as the numbers say, not half and half again', async () => {
    const { summarise } = await start();
    const error = { type: 'invalid_request_error', message: 'prompt is too long: 900000 tokens > 200000 maximum' };
    simulator.api.scenario.set([{ fault: 'custom', status: 400, body: { type: 'error', error }, when: WHOLE }]);
    const { parts } = await summarise(DOCUMENT);
    expect([parts.length, asked().length]).toEqual([6, 8]);
  });

  it('what is clearly over the window is not sent whole', async () => {
    const { summarise } = await start(SMALL_WINDOW);
    const { parts } = await summarise(paragraphs(1_000, 1_000));
    expect(parts.length).toBeGreaterThan(1);
    expect(asked().filter((line) => !line.endsWith('200') || line.startsWith('[whole]'))).toEqual([]);
  });

  it.each([
    ['fits by count', 700, ['count [whole] 200', '[whole] 200']],
    ['does not', 850, ['count [whole] 400', '[part 1 of 2] 200', '[part 2 of 2] 200', '[join] 200']],
  ])('counted first, where the estimate is not sure: a prompt that %s', async (_what, thousands, requests) => {
    const { summarise } = await start(SMALL_WINDOW);
    await summarise(paragraphs(thousands, 1_000), { countFirst: true, parallel: 1 });
    expect(asked()).toEqual(requests);
  });

  it('an answer that ran out of window is not taken for one', async () => {
    const { summarise } = await start();
    const body = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: SONNET,
      content: [{ type: 'text', text: 'Half an ans' }],
      stop_reason: 'model_context_window_exceeded',
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    simulator.api.scenario.set([{ fault: 'custom', status: 200, body, when: WHOLE }]);
    const { message, parts } = await summarise(DOCUMENT);
    expect([message.stop_reason, parts.length]).toEqual(['end_turn', 2]);
  });

  it('over 32 MB is never sent, neither whole nor in parts', async () => {
    const { summarise } = await start();
    // Each of these takes six bytes.
    const document = `${'\u0001'.repeat(1_998)}\n\n`.repeat(3_000);
    const { parts } = await summarise(document, { parallel: 1, overlapCharacters: 0 });
    expect(parts.length).toBeGreaterThan(1);
    const sizes = simulator.api.requests.list().map(({ headers }) => Number(headers['content-length']));
    expect(Math.max(...sizes)).toBeLessThan(32 * 1024 * 1024);
    expect(asked().every((line) => line.endsWith('200'))).toBe(true);
  });

  it('over 32 MB, and it may not be cut: a typed error, and nothing was sent', async () => {
    const { summarise } = await start(UNKNOWN_MODEL);
    await expect(summarise('x'.repeat(34_000_000), { maxParts: 1 })).rejects.toMatchObject({
      name: 'ClaudeTooLargeError',
      code: 'CLAUDE_TOO_LARGE',
      attempts: 0,
      retryable: false,
      failure: { rule: 'too_many_parts' },
    });
    expect(asked()).toEqual([]);
  });

  it('too large however small: a typed error, with its cause and without its text', async () => {
    const { summarise } = await start();
    simulator.api.scenario.set([{ fault: 'too_large_html' }]);
    const error = await summarise('A short text.').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ClaudeTooLargeError', attempts: 1, failure: { rule: 'part_is_minimal' } });
    expect(error).toMatchObject({ cause: { status: 413 } });
    expect(JSON.stringify(error)).not.toContain('short text');
  });

  it.each([1, 2, 3, 5])('%d at a time, and one deadline for all: nothing goes on after it', async (parallel) => {
    const { summarise, clock } = await start(SMALL_WINDOW);
    simulator.api.scenario.set([{ fault: 'hang', when: PARTS }]);
    const failed = summarise(paragraphs(3_000, 1_000), { parallel, deadlineMs: 5_000, timeoutMs: 60_000 }).catch(
      (error: unknown) => error,
    );
    await simulator.api.requests.whenReceived(parallel);
    await clock.advance(4_999);
    expect(asked()).toHaveLength(parallel);
    await clock.advance(1);
    expect(await failed).toMatchObject({ code: 'CLAUDE_TIMEOUT', failure: { rule: 'deadline' } });
    await until(() => simulator.api.requests.list().every(({ leftAt }) => leftAt !== null));
    expect([asked().length, clock.pendingTimers]).toEqual([parallel, 0]);
  });

  it('the deadline is not begun anew by a part, and may be longer than that of one call', async () => {
    const { summarise, clock, events, nextEvent } = await start();
    simulator.api.scenario.set([
      { fault: 'rate_limited', retryAfterSeconds: 100, count: 1, when: WHOLE },
      { fault: 'too_large_html', when: WHOLE },
      { fault: 'hang', when: PARTS },
    ]);
    const waits = nextEvent('retry.scheduled');
    const failed = summarise(DOCUMENT, { deadlineMs: 500_000, timeoutMs: 600_000 }).catch((error: unknown) => error);
    const { delayMs } = await waits;
    await clock.advance(delayMs);
    await simulator.api.requests.whenReceived(4);
    await clock.advance(499_999 - delayMs);
    expect(events.filter(({ type }) => type === 'call.completed')).toHaveLength(1); // the whole
    await clock.advance(1);
    expect(await failed).toMatchObject({ code: 'CLAUDE_TIMEOUT' });
  });

  it('a part that fails for good ends the others, with its own typed error', async () => {
    const { summarise, clock } = await start(SMALL_WINDOW);
    simulator.api.scenario.set([
      { fault: 'authentication', when: { promptIncludes: '[part 2 of' } },
      { fault: 'hang', when: PARTS },
    ]);
    await expect(summarise(paragraphs(3_000, 1_000))).rejects.toMatchObject({
      name: 'ClaudeAuthenticationError',
      attempts: 1,
    });
    await until(() => simulator.api.requests.list().every(({ status, leftAt }) => status === 401 || leftAt !== null));
    // At most those that were running: whoever was about to be sent was not.
    expect(asked().length).toBeLessThanOrEqual(3);
    expect(clock.pendingTimers).toBe(0);
  });

  it('inside `run` it has its own time for each request: nothing is repeated around it', async () => {
    const { claude, summarise, clock, nextEvent } = await start();
    simulator.api.scenario.set([{ fault: 'rate_limited', retryAfterSeconds: 10, count: 1 }]);
    const waits = nextEvent('retry.scheduled');
    const outcome = claude.run('summarisation', () => summarise(DOCUMENT), { timeoutMs: 1_000 });
    await clock.advance((await waits).delayMs);
    expect(await outcome).toMatchObject({ status: 'served', attempts: 1 });
    expect(asked()).toEqual(['[whole] 429', '[whole] 200']);
  });

  it('an answer without text to a part is a failure: it would be missing, and nobody would know', async () => {
    const { summarise } = await start();
    const body = { id: 'msg_1', type: 'message', role: 'assistant', model: SONNET, content: [], stop_reason: 'max_tokens', usage: { input_tokens: 1, output_tokens: 1 } }; // oxfmt-ignore
    simulator.api.scenario.set([
      { fault: 'too_large_html', when: WHOLE },
      { fault: 'custom', status: 200, body, when: { promptIncludes: '[part 2' } },
    ]);
    await expect(summarise(DOCUMENT)).rejects.toMatchObject({ failure: { rule: 'part_without_text' } });
  });

  it('never more requests than allowed, whatever is too large, and each failure is typed', async () => {
    const { summarise } = await start();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (share, maxParts, parallel) => {
          // What another run left behind may arrive late: each has a name.
          const system = `Summarise. run ${++run}`;
          const prompt = (text: string) => ({
            model: SONNET,
            max_tokens: 1_000,
            system,
            messages: [{ role: 'user' as const, content: text }],
          });
          simulator.api.scenario.set([{ fault: 'too_large_html', share }]);
          const ended = await summarise(DOCUMENT, { maxParts, parallel, prompt }).then(
            () => 'answered',
            ({ code }: { code: string }) => code,
          );
          expect(['answered', 'CLAUDE_TOO_LARGE']).toContain(ended);
          const own = simulator.api.requests
            .list()
            .filter(({ body }) => (body as { system?: string } | null)?.system === system);
          expect(own.length).toBeLessThanOrEqual(2 * maxParts);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no prompt', { prompt: undefined }, /prompt: a function/],
    ['a prompt that is still to come', { prompt: async () => ({}) }, /prompt: gives parameters/],
    ['no parts', { maxParts: 0 }, /maxParts: an integer, at least 1, got 0/],
    ['half a request', { parallel: 0.5 }, /parallel/],
    ['a negative overlap', { overlapCharacters: -1 }, /overlapCharacters/],
    ['a misspelt option', { maxPart: 3 }, /maxPart: unknown option/],
    ['an unknown feature', { feature: 'nobody-declared' }, /nobody-declared/],
  ])('%s is refused before anything is sent', async (_what, options, message) => {
    const { summarise } = await start();
    await expect(summarise(DOCUMENT, options as Options)).rejects.toThrow(message);
    expect(asked()).toEqual([]);
  });
});

@Controller()
class DigestsController {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post('digests')
  @ClaudeFallback('summarisation')
  async digest(@Body() { document }: { document: string }, @ClientLeft() signal: AbortSignal) {
    const { parts } = await this.claude.summarise(document, {
      signal,
      prompt: (text, { of, isJoin }) => ({
        model: SONNET,
        max_tokens: 1_000,
        system: isJoin ? '[join]' : of === 1 ? '[whole]' : '[part ]',
        messages: [{ role: 'user', content: text }],
      }),
    });
    return { parts: parts.length };
  }
}

function startDigests() {
  return startApp({ controllers: [DigestsController], claude: { baseURL: simulator.api.url, circuit: false } });
}

describe('in a handler', () => {
  it('serves what had to be cut', async () => {
    const { post } = await startDigests();
    simulator.api.scenario.set([{ fault: 'too_large_html', when: WHOLE }]);
    const answer = await post('/digests', { document: DOCUMENT });
    expect([answer.status, answer.headers.get('x-claude-outcome')]).toEqual([201, 'served']);
    expect(answer.body).toEqual({ parts: 2 });
  });

  it('what cannot be made to fit is a 413', async () => {
    const { post } = await startDigests();
    simulator.api.scenario.set([{ fault: 'too_large_html' }]);
    const answer = await post('/digests', { document: DOCUMENT });
    expect([answer.status, answer.body]).toMatchObject([413, { code: 'CLAUDE_TOO_LARGE', retryable: false }]);
  });

  it('a client who leaves ends all of it', async () => {
    const { url, nextEvent } = await startDigests();
    simulator.api.scenario.set([
      { fault: 'too_large_html', when: WHOLE },
      { fault: 'hang', when: PARTS },
    ]);
    const client = new AbortController();
    const answer = fetch(`${url}/digests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ document: DOCUMENT }),
      signal: client.signal,
    });
    await simulator.api.requests.whenReceived(3);
    const ended = nextEvent('call.completed');
    client.abort();
    await expect(answer).rejects.toThrow();
    expect(await ended).toMatchObject({ outcome: 'failed', failure: { kind: 'cancelled' } });
    await until(() => simulator.api.requests.list().every(({ status, leftAt }) => status === 413 || leftAt !== null));
    expect(simulator.api.requests.count()).toBe(3);
  });
});

describe('POST /summaries of the demo', () => {
  let demo: RunningDemo;
  beforeAll(async () => {
    demo = await RunningDemo.start();
  });
  beforeEach(() => {
    demo.simulator.scenario.clear();
    demo.simulator.requests.clear();
  });
  afterAll(() => demo.stop());

  it('summarises a document that is too long for one request', async () => {
    demo.simulator.scenario.set([
      { fault: 'custom', status: 400, body: { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 1200000 tokens > 1000000 maximum' } }, count: 1 }, // oxfmt-ignore
    ]);
    const response = await demo.post('/summaries', { document: paragraphs(100, 1_000) });
    expect([response.status, response.headers.get('x-claude-outcome')]).toEqual([200, 'served']);
    expect(await response.json()).toEqual({ summary: expect.stringMatching(/^P0\b/) });
    expect(demo.simulator.requests.list().map(({ status }) => status)).toEqual([400, 200, 200, 200]);
  });
});
