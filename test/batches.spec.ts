import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import {
  ClaudeSimulator,
  ManualClock as SimulatorClock,
  type FaultRule,
  type MessageRequest,
} from 'claude-api-simulator';
import { SdkBatchTransport } from '../libs/claude-resilience/src/anthropic/batch-transport.js';
import { Drain } from '../libs/claude-resilience/src/core/deferral/drain.js';
import { QUEUE_RULES } from '../libs/claude-resilience/src/core/deferral/queue.options.js';
import { SqliteBatchLedger } from '../libs/claude-resilience/src/sqlite/sqlite-batch-ledger.js';
import { SqliteFile } from '../libs/claude-resilience/src/sqlite/sqlite-file.js';
import { SqliteRequestStore } from '../libs/claude-resilience/src/sqlite/sqlite-request-store.js';
import { SystemRandom } from '../libs/claude-resilience/src/system/system-random.js';
import { BatchBench } from '../libs/claude-resilience/src/testing/batch-bench.js';
import { ManualClock } from '../libs/claude-resilience/src/testing/manual-clock.js';
import { BusyTransport } from './support/busy-transport.js';
import { PARAMS } from './support/simulator.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CREATE = { method: 'POST', path: '/v1/messages/batches' } as const;
const answer = ({ messages }: MessageRequest) => `Of ${String(messages[0]?.content)}`;

let api: ClaudeSimulator;
let simulatorClock: SimulatorClock;
let clock: ManualClock;
let transport: BusyTransport;
let file: SqliteFile;
let bench: BatchBench;

beforeEach(async () => {
  clock = new ManualClock();
  simulatorClock = new SimulatorClock(clock.wallMs());
  api = await ClaudeSimulator.start({
    clock: simulatorClock,
    limits: false,
    batches: { durationMs: 10 * MINUTE },
    answer,
  });
  const client = new Anthropic({ baseURL: api.url, apiKey: 'sk-ant-test-key', maxRetries: 5, logLevel: 'off' });
  transport = new BusyTransport(new SdkBatchTransport(() => client));
  file = new SqliteFile({ path: ':memory:' });
  bench = new BatchBench(transport, {
    clock,
    store: new SqliteRequestStore({ file }),
    ledger: new SqliteBatchLedger(file),
  });
  await bench.start();
});
afterEach(async () => {
  await bench.stop();
  file.close();
  await api.stop();
});

/** Lets time pass on both clocks, and waits for the network wherever somebody uses it. */
async function pass(ms: number): Promise<void> {
  await transport.quiet();
  for (let left = ms; left > 0;) {
    const step = Math.min(left, Math.max(1, Math.ceil(clock.nextTimerInMs ?? left)));
    simulatorClock.advance(step);
    await clock.advance(step);
    await transport.quiet();
    left -= step;
  }
}

const prompt = (content: string) => JSON.stringify({ ...PARAMS, messages: [{ role: 'user', content }] });
async function send(...ids: readonly string[]): Promise<void> {
  for (const id of ids) await bench.enqueue(id, { parametersJson: prompt(id) });
  expect(await bench.offerAll()).toEqual([]);
  await pass(MINUTE);
}
const created = () => api.requests.list(CREATE).filter(({ method, path }) => method === 'POST' && path === CREATE.path);
const textOf = (answerJson: string) => (JSON.parse(answerJson) as Anthropic.Message).content;
const fail = (...rules: FaultRule[]) => api.scenario.set(rules);

describe('background requests by batch, over HTTP with the real SDK (R12)', () => {
  it('asks once, reads results in any order, and gives each its own answer', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `question ${n}`);
    await send(...ids);
    expect(created()).toHaveLength(1);
    await pass(12 * MINUTE);
    expect(bench.handled.map(([id]) => id).sort()).toEqual([...ids].sort());
    for (const [id, answerJson] of bench.handled) {
      expect(textOf(answerJson)).toMatchObject([{ text: `Of ${id}` }]);
      expect(answerJson).toMatch(/"service_tier":"batch"/);
    }
    expect(await bench.statesOf(...ids)).toEqual(ids.map(() => 'succeeded'));
    expect(bench.eventsOf('batch.answered')).toHaveLength(12);
    expect(bench.eventsOf('batch.answered')[0]).toMatchObject({
      model: PARAMS.model,
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
    });
    expect(bench.eventsOf('batch.ended')).toMatchObject([{ requests: 12, answered: 12, missing: 0 }]);
    expect(await bench.ledger.all()).toEqual([]);
  });

  it('settles what was refused, failed and expired, each in its own way', async () => {
    const item = { customId: '*' };
    fail(
      { fault: 'refusal', when: { ...item, promptIncludes: 'exploit' }, category: 'cyber' },
      { fault: 'overloaded', when: { ...item, promptIncludes: 'busy' } },
      { fault: 'batch_expired', when: { ...item, promptIncludes: 'late' } },
      { fault: 'invalid_request', when: { ...item, promptIncludes: 'wrong' } },
    );
    await bench.enqueue('bad', { parametersJson: JSON.stringify({ ...PARAMS, max_tokens: -1 }) });
    await send('an exploit', 'busy', 'late', 'wrong', 'fine');
    await pass(12 * MINUTE);
    const states = await bench.statesOf('an exploit', 'busy', 'late', 'wrong', 'bad', 'fine');
    expect(states).toEqual(['failed', 'waiting', 'waiting', 'failed', 'failed', 'succeeded']);
    expect((await bench.store.get('an exploit'))?.state).toMatchObject({
      failure: { kind: 'content_policy', category: 'cyber' },
    });
    expect((await bench.store.get('busy'))?.state).toMatchObject({ lastFailure: { kind: 'overloaded' } });
    expect(bench.declined).toEqual([['an exploit', 'content_policy']]);
    await pass(HOUR);
    expect([...(await bench.offerAll())].sort()).toEqual(['busy', 'late']);
  });

  // oxfmt-ignore
  const lost: [string, FaultRule][] = [
    ['reset after the API had done it',   { fault: 'reset_before_headers', strikesAt: 'answer', count: 1, when: CREATE }],
    ['a gateway that gave up on it',      { fault: 'bad_gateway_html', strikesAt: 'answer', count: 1, when: CREATE }],
    ['an error after it was done',        { fault: 'server_error', strikesAt: 'answer', count: 1, when: CREATE }],
    ['a page instead of its answer',      { fault: 'html_ok', count: 1, when: CREATE }],
    ['half an answer',                    { fault: 'truncated_body', count: 1, when: CREATE }],
    ['an answer that never came',         { fault: 'hang', strikesAt: 'answer', count: 1, when: CREATE }],
  ];
  it.each(lost)('%s: found again, and not sent twice', async (_name, rule) => {
    fail(rule);
    transport.mayHang = rule.fault === 'hang';
    await send('a', 'b');
    await pass(30 * MINUTE);
    expect(created()).toHaveLength(1);
    expect(bench.eventsOf('batch.submitted')).toMatchObject([{ isFound: true }]);
    expect(await bench.statesOf('a', 'b')).toEqual(['succeeded', 'succeeded']);
  });

  // oxfmt-ignore
  const refused: [string, FaultRule, number][] = [
    ['overloaded',                    { fault: 'overloaded', count: 1, when: CREATE },           2],
    ['rate limited, for 30 s',        { fault: 'rate_limited', retryAfterSeconds: 30, count: 1, when: CREATE }, 2],
    ['a reset before it was done',    { fault: 'reset_before_headers', count: 1, when: CREATE }, 2],
    ['an error before it was done',   { fault: 'server_error', count: 1, when: CREATE },         2],
    ['no answer, and nothing done',   { fault: 'hang', count: 1, when: CREATE },                 2],
  ];
  it.each(refused)('%s: sent again', async (_name, rule, posts) => {
    fail(rule);
    transport.mayHang = rule.fault === 'hang';
    await send('a');
    await pass(20 * MINUTE);
    expect(created()).toHaveLength(posts);
    expect(await bench.stateOf('a')).toBe('succeeded');
    expect(bench.eventsOf('batch.submitted')).toMatchObject([{ isFound: false }]);
  });

  // oxfmt-ignore
  const results: [string, FaultRule][] = [
    ['cut short',       { fault: 'truncated_body', count: 2, when: { path: '/v1/messages/batches/*/results' } }],
    ['reset midway',    { fault: 'reset_mid_body', count: 2, when: { path: '/v1/messages/batches/*/results' } }],
    ['a page',          { fault: 'html_ok', count: 2, when: { path: '/v1/messages/batches/*/results' } }],
    ['silent',          { fault: 'stalled_body', count: 1, when: { path: '/v1/messages/batches/*/results' } }],
    ['not to be had',   { fault: 'unavailable', count: 2, when: { path: '/v1/messages/batches/*/results' } }],
    ['nobody says',     { fault: 'server_error', count: 3, when: { method: 'GET', path: '/v1/messages/batches/*' } }],
  ];
  it.each(results)('results that are %s are asked for again, and handled once', async (_name, rule) => {
    fail(rule);
    transport.mayHang = rule.fault === 'stalled_body';
    await send('a', 'b', 'c');
    await pass(20 * MINUTE);
    expect(bench.handled.map(([id]) => id).sort()).toEqual(['a', 'b', 'c']);
    expect(bench.eventsOf('batch.answered')).toHaveLength(3);
    expect(bench.eventsOf('batch.ended')).toMatchObject([{ answered: 3, missing: 0 }]);
    expect(created()).toHaveLength(1);
  });

  it('passes a cancellation on when nobody wants anything of a batch any more', async () => {
    await send('a', 'b');
    await bench.cancel('a');
    await bench.cancel('b');
    await pass(2 * MINUTE);
    const cancels = api.requests.list().filter(({ path }) => path.endsWith('/cancel'));
    expect(cancels).toHaveLength(1);
    expect(bench.handled).toEqual([]);
    expect(bench.eventsOf('batch.ended')).toHaveLength(1);
  });

  it('what the API refuses as a whole goes alone', async () => {
    fail({ fault: 'invalid_request', when: CREATE });
    await send('a', 'b');
    expect(await bench.statesOf('a', 'b')).toEqual(['waiting', 'waiting']);
    expect(await bench.offerAll()).toEqual(['a', 'b']);
    expect(created()).toHaveLength(1);
  });

  it('looks through the whole list, page by page, for as far back as it must', async () => {
    const limits = { signal: new AbortController().signal, timeoutMs: 5_000 };
    const params = { model: 'claude-sonnet-5-5', max_tokens: 1, messages: [] };
    const submit = () => transport.submit([{ customId: 'c', params }], limits);
    await submit();
    simulatorClock.advance(HOUR);
    const sinceMs = simulatorClock.nowMs();
    for (let n = 0; n < 103; n++) await submit();
    const told = await transport.recent(sinceMs, limits);
    expect(told).toMatchObject({ ok: true });
    expect(told.ok && told.value).toHaveLength(103);
    expect(api.requests.list().filter(({ method }) => method === 'GET')).toHaveLength(2);
    expect(told.ok && told.value[0]).toEqual({
      batchId: expect.stringMatching(/^msgbatch_/),
      createdAtMs: sinceMs,
      status: 'in_progress',
      requests: 1,
    });
  });
});

describe('the drain and the desk for batches', () => {
  it('background work leaves by batch; the rest, and what comes back, goes alone', async () => {
    fail({ fault: 'batch_expired', when: { customId: '*', promptIncludes: 'late' } });
    const alone: string[] = [];
    const worker = {
      ask: async ({ id }: { id: string }) => {
        alone.push(id);
        return { ok: true, answerJson: '"alone"' } as const;
      },
      finish: async (_request: unknown, answerJson: string) => ({ ok: true, resultJson: answerJson }) as const,
    };
    const hooks = {
      closedFeatures: () => [],
      longestAttemptMs: () => MINUTE,
      started: () => {},
      divert: (request: Parameters<typeof bench.desk.divert>[0]) => bench.desk.divert(request),
      changed: () => {},
      storeTrouble: () => {},
    };
    const drain = new Drain(bench.store, worker, hooks, QUEUE_RULES, clock, new SystemRandom());
    for (const id of ['one', 'late', 'two']) await bench.enqueue(id, { parametersJson: prompt(id) });
    await bench.enqueue('now', { priority: 'normal' });
    drain.start();
    await pass(MINUTE + 5_000);
    expect(alone).toEqual(['now']);
    await pass(12 * MINUTE);
    expect(alone).toEqual(['now', 'late']);
    expect(await bench.statesOf('one', 'late', 'two', 'now')).toEqual(Array(4).fill('succeeded'));
    expect(bench.handled.map(([id]) => id).sort()).toEqual(['one', 'two']);
    expect(created()).toHaveLength(1);
    const stopped = drain.stop();
    await pass(20_000);
    await stopped;
  });
});
