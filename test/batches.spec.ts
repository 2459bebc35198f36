import { readCostOptions } from '../libs/claude-resilience/src/core/cost/cost.options.js';
import { costOf } from '../libs/claude-resilience/src/core/cost/cost-of.js';
import type { MeteredRequest } from '../libs/claude-resilience/src/core/cost/metered-usage.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import { Injectable } from '@nestjs/common';
import {
  ClaudeSimulator,
  ManualClock as SimulatorClock,
  type FaultRule,
  type MessageRequest,
} from 'claude-api-simulator';
import {
  ClaudeCircuits,
  ClaudeDeferredHandler,
  ClaudeRequests,
  ClaudeResilienceService,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SdkBatchTransport } from '../libs/claude-resilience/src/anthropic/batch-transport.js';
import type { BatchEvent } from '../libs/claude-resilience/src/core/deferral/batch/batch-event.js';
import { Drain } from '../libs/claude-resilience/src/core/deferral/drain.js';
import { MemoryRequestStore } from '../libs/claude-resilience/src/core/deferral/memory-request-store.js';
import { QUEUE_RULES } from '../libs/claude-resilience/src/core/deferral/queue.options.js';
import { diagnoseFailure } from '../libs/claude-resilience/src/core/failure/diagnose-failure.js';
import { eventLine } from '../libs/claude-resilience/src/nest/event-line.js';
import { SqliteBatchLedger } from '../libs/claude-resilience/src/sqlite/sqlite-batch-ledger.js';
import { SqliteFile } from '../libs/claude-resilience/src/sqlite/sqlite-file.js';
import { SqliteRequestStore } from '../libs/claude-resilience/src/sqlite/sqlite-request-store.js';
import { SystemRandom } from '../libs/claude-resilience/src/system/system-random.js';
import { BatchBench } from '../libs/claude-resilience/src/testing/batch-bench.js';
import { ManualClock } from '../libs/claude-resilience/src/testing/manual-clock.js';
import { BusyTransport } from './support/busy-transport.js';
import { PARAMS } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { until } from './support/until.js';

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

describe('batches in an application (R12)', () => {
  let real: ClaudeSimulator;
  let directory: string;
  beforeEach(async () => {
    real = await ClaudeSimulator.start({ latencyMs: 0, limits: false, batches: { durationMs: 0 } });
    directory = mkdtempSync(join(tmpdir(), 'claude-batches-app-'));
  });
  afterEach(async () => {
    await closeApps();
    await real.stop();
    rmSync(directory, { recursive: true });
  });

  @Injectable()
  class Results {
    @ClaudeDeferredHandler('nightly')
    result({ content }: { content: readonly unknown[] }) {
      return { blocks: content.length };
    }
  }

  const start = (options: ClaudeResilienceOptions = {}) =>
    startApp({
      providers: [Results],
      claude: {
        baseURL: real.url,
        queue: { path: join(directory, 'claude.db'), pollMs: 50, batch: { maxWaitMs: 0, pollMs: 1_000 } },
        features: { nightly: { priority: 'background', batch: 'always', contentPolicy: { reformulate: false } } },
        ...options,
      },
    });
  type App = Awaited<ReturnType<typeof start>>;
  const defer = ({ app }: App, over: Partial<typeof PARAMS> = {}) =>
    app.get(ClaudeResilienceService).messages.defer({ ...PARAMS, ...over }, { feature: 'nightly', workflow: 'report' });
  const posts = (path: string) => real.requests.list().filter((one) => one.method === 'POST' && one.path === path);

  it('what is deferred leaves by batch, and comes back through the handler', async () => {
    const app = await start();
    const ended = app.nextEvent('request.ended');
    const { id } = await defer(app);
    expect(await ended).toMatchObject({ state: 'succeeded', requestId: id });
    expect(await app.app.get(ClaudeRequests).get(id)).toMatchObject({ status: 'succeeded', result: { blocks: 1 } });
    expect([posts(CREATE.path).length, posts('/v1/messages').length]).toEqual([1, 0]);
    const answered = app.events.find(({ type }) => type === 'batch.answered');
    expect(answered).toMatchObject({ feature: 'nightly', workflow: 'report', serviceTier: 'batch', outcome: 'kept' });
    const { metered } = answered as { metered: MeteredRequest };
    const prices = readCostOptions('cost', undefined, []).prices;
    const alone = { ...metered, usage: { ...metered.usage!, serviceTier: 'standard' as const } };
    const [ofBatch, ofOne] = [costOf(metered, prices), costOf(alone, prices)];
    if (ofBatch.certainty === 'unknown' || ofOne.certainty === 'unknown') throw new Error('There is a price');
    expect(ofBatch.picoUsd * 2).toBe(ofOne.picoUsd);
    expect(ofBatch.picoUsd).toBeGreaterThan(0);
  });

  it('is for people to look at when a model declined it (R16)', async () => {
    real.scenario.set([{ fault: 'refusal', when: { customId: '*' }, category: 'cyber' }]);
    const app = await start();
    const declined = app.nextEvent('content.declined');
    await defer(app);
    expect(await declined).toMatchObject({
      feature: 'nightly',
      failure: { category: 'cyber' },
      reviewId: expect.any(String),
    });
    expect(posts('/v1/messages')).toEqual([]);
  });

  it('is put differently once where the feature allows it (R18)', async () => {
    real.scenario.set([{ fault: 'refusal', when: { customId: '*' }, category: 'cyber', count: 1 }]);
    const app = await start({ features: { nightly: { priority: 'background', batch: 'always' } } });
    const ended = app.nextEvent('request.ended');
    await defer(app);
    expect(await ended).toMatchObject({ state: 'succeeded' });
    const asked = posts(CREATE.path).map(({ body }) => JSON.stringify(body));
    expect(asked).toHaveLength(2);
    expect(asked[0]).not.toMatch(/"system"/);
    expect(asked[1]).toMatch(/"system"/);
  });

  it('asks the screener before anything is sent (R17)', async () => {
    const screener = { screen: async () => ({ allowed: false, reason: 'SECRET' }) as never };
    const app = await start({
      features: { nightly: { priority: 'background', batch: 'always', contentPolicy: { screener } } },
    });
    const ended = app.nextEvent('request.ended');
    await defer(app);
    expect(await ended).toMatchObject({ state: 'failed', failure: { kind: 'content_policy' } });
    expect([posts(CREATE.path).length, posts('/v1/messages').length]).toEqual([0, 0]);
  });

  it.each([
    ['as before', undefined],
    ['though batches are switched off by then', false],
  ])('a process that ends leaves its batch to the next one, %s', async (_name, batch) => {
    real.scenario.set([{ fault: 'overloaded', when: { method: 'GET', path: '/v1/messages/batches/*' } }]);
    const first = await start();
    const submitted = first.nextEvent('batch.submitted');
    const { id } = await defer(first);
    await submitted;
    await closeApps();
    real.scenario.clear();
    const queue = { path: join(directory, 'claude.db'), pollMs: 50, ...(batch === false && { batch }) };
    const second = await start({ queue: batch === false ? queue : { ...queue, batch: { pollMs: 1_000 } } });
    await until(() => second.events.some(({ type }) => type === 'request.ended'));
    expect(await second.app.get(ClaudeRequests).get(id)).toMatchObject({ status: 'succeeded' });
    expect([posts(CREATE.path).length, posts('/v1/messages').length]).toEqual([1, 0]);
  });

  it('cancels with the API what was cancelled here', async () => {
    await real.stop();
    real = await ClaudeSimulator.start({ latencyMs: 0, limits: false, batches: { durationMs: HOUR } });
    const app = await start();
    const submitted = app.nextEvent('batch.submitted');
    const { id } = await defer(app);
    const { batchId } = await submitted;
    await app.app.get(ClaudeRequests).cancel(id);
    await real.requests.whenReceived(1, { path: `${CREATE.path}/${batchId}/cancel` });
  });

  it('leaves by batch although the circuit of its feature is open (R12)', async () => {
    real.scenario.set([{ fault: 'overloaded', when: { path: '/v1/messages' } }]);
    const circuit = { failureThreshold: 1, failureRatio: 0, cooldownMs: HOUR, maxCooldownMs: HOUR };
    const nightly = {
      priority: 'background',
      batch: 'always',
      circuit,
      retry: { overloaded: { maxRetries: 0 } },
    } as const;
    const app = await start({ features: { nightly } });
    const { messages } = app.app.get(ClaudeResilienceService);
    await expect(messages.create(PARAMS, { feature: 'nightly', defer: false })).rejects.toThrow();
    expect(app.app.get(ClaudeCircuits).state('nightly').name).toBe('open');
    const ended = app.nextEvent('request.ended');
    await defer(app);
    expect(await ended).toMatchObject({ state: 'succeeded' });
    expect([posts(CREATE.path).length, posts('/v1/messages').length]).toEqual([1, 1]);
    expect(app.app.get(ClaudeCircuits).state('nightly').name).toBe('open');
  });

  it('does not leave while people hold that circuit open', async () => {
    const background = { priority: 'background', batch: 'always' } as const;
    const app = await start({ features: { nightly: background, weekly: background } });
    const circuits = app.app.get(ClaudeCircuits);
    circuits.forceOpen('nightly', { by: 'ann', reason: 'maintenance' });
    const { id } = await defer(app);
    const weekly = app.nextEvent('request.ended');
    await app.app.get(ClaudeResilienceService).messages.defer(PARAMS, { feature: 'weekly' });
    expect(await weekly).toMatchObject({ state: 'succeeded', feature: 'weekly' });
    expect(await app.app.get(ClaudeRequests).get(id)).toMatchObject({ status: 'waiting' });
    const nightly = app.nextEvent('request.ended');
    circuits.release('nightly', 'ann');
    expect(await nightly).toMatchObject({ state: 'succeeded', feature: 'nightly' });
    expect([posts(CREATE.path).length, posts('/v1/messages').length]).toEqual([2, 0]);
  });

  it.each([
    [{ batch: { when: 'never' } }, /queue\.batch\.when/],
    [{ batch: true, store: new MemoryRequestStore() }, /queue\.batch: false, but for the drivers sqlite and memory/],
  ])('says what cannot be: %j', async (queue, message) => {
    await expect(start({ queue: queue as never })).rejects.toThrow(message);
  });

  it('a client that knows no batches is told at the start', async () => {
    const client = { messages: { create: async () => ({}) } } as never;
    const given = { queue: { driver: 'memory', batch: true } as const, client };
    await expect(startApp({ claude: given })).rejects.toThrow(/queue\.batch: a client with messages\.batches/);
  });
});

describe('log lines of batches', () => {
  const failure = diagnoseFailure({ from: 'response', status: 529, type: 'overloaded_error', says: 'SECRET' }, 0);
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0 };
  const about = { feature: 'nightly', workflow: 'report', correlationId: 'c-1' };
  const counts = { requests: 2, answered: 1, failed: 1, canceled: 0, expired: 0, missing: 0, tookMs: 5 };
  // oxfmt-ignore
  const rows: [BatchEvent, string, object][] = [
    [{ type: 'batch.submitted', batchId: 'b', requests: 2, isFound: false }, 'log', { batchId: 'b', requests: 2 }],
    [{ type: 'batch.submitted', batchId: 'b', requests: 2, isFound: true }, 'log', { batchId: 'b', requests: 2, isFound: true }],
    [{ type: 'batch.not_submitted', requests: 2, failure, next: 'again' }, 'warn', { requests: 2, next: 'again', errorType: 'overloaded', rule: 'overloaded', severity: 'info', upstreamStatus: 529 }],
    [{ type: 'batch.answered', batchId: 'b', ...about, model: 'm', usage, serviceTier: 'batch', outcome: 'kept' }, 'debug', { batchId: 'b', ...about, model: 'm', outcome: 'kept', ...usage }],
    [{ type: 'batch.ended', batchId: 'b', ...counts }, 'log', { batchId: 'b', ...counts }],
    [{ type: 'batch.ended', batchId: 'b', ...counts, missing: 1 }, 'warn', { batchId: 'b', ...counts, missing: 1 }],
  ];
  it.each(rows)('%j', (event, level, fields) => {
    expect(eventLine(event, () => false)).toEqual({ level, line: { event: `claude.${event.type}`, ...fields } });
  });
});
