import { describe, expect, it } from '@jest/globals';
import { ManualClock, ScriptedRandom, ScriptedTransport, settle, type ScriptedReply } from '../testing/index.js';
import { AccountRegistry } from './account/account-registry.js';
import { readAccountOptions } from './account/account.options.js';
import type { Attempt, ClaudeCall, Outcome, Target, WireResult } from './call.js';
import { CircuitRegistry } from './circuit/circuit-registry.js';
import { Deferrals } from './deferral/deferrals.js';
import { EventHub } from './events.js';
import { FallbackRegistry } from './fallback/fallback-registry.js';
import { FeatureRegistry } from './feature-registry.js';
import { OptionReader } from './option-reader.js';
import { readResilienceOptions } from './options.js';
import { Pacer } from './pacing/pacer.js';
import { PACING_DEFAULTS, type ResolvedPacingOptions } from './pacing/pacing.options.js';
import type { Turn, TurnRequest } from './pacing/turn.js';
import { Costs } from './cost/costs.js';
import { readCostOptions } from './cost/cost.options.js';
import { Pipeline } from './pipeline.js';
import { RetryBudgets } from './retry/retry-budgets.js';
import { TargetRegistry } from './target-registry.js';
import type { FailureFacts } from './failure/failure-facts.js';
import type { StreamEvent } from './stream/stream-event.js';
import { StreamRun } from './stream/stream-run.js';
import { StreamTransport } from './stream/stream-transport.port.js';
import { Transport } from './transport.port.js';
import { UpstreamCircuits } from './upstream-circuits.js';

/** Nobody counts what is under way. */
const NO_FLIGHTS = { began: () => ({ ended: () => {} }) };

const OK: ScriptedReply = { value: 'hello' };
const http = (status: number): ScriptedReply => ({ from: 'response', status });
const target = (model: string): Target => ({ model, platform: 'anthropic', bucket: `anthropic:${model}` });
const A = target('a');
const B = target('b');

const callAt = (nowMs: number): ClaudeCall => ({
  id: 'call',
  feature: 'one',
  workflow: 'one',
  priority: 'normal',
  model: 'a',
  targets: [A],
  startedAtMs: nowMs,
  deadlineAtMs: nowMs + 120_000,
  timeoutMs: 60_000,
  fairTimeoutMs: 30_000,
  signal: undefined,
});

/** Three features of one application: real rooms, a clock by hand, no chance. */
function start(pacing: Partial<ResolvedPacingOptions> = {}) {
  const issues: string[] = [];
  const clock = new ManualClock();
  const events = new EventHub(clock);
  const given = { circuit: { whenOpen: 'refuse' }, features: { one: {}, two: {}, three: {} } };
  const features = new FeatureRegistry(readResilienceOptions(new OptionReader('', given, issues), issues).features);
  const circuits = new CircuitRegistry(features, clock, (transition) => upstream.transitioned(transition));
  const upstream = new UpstreamCircuits(circuits, clock);
  const accounts = new AccountRegistry(['anthropic'], readAccountOptions('account', undefined, []), clock, () => {});
  const pacer = new Pacer({ ...PACING_DEFAULTS, ...pacing }, clock, new ScriptedRandom(0));
  const doors = new TargetRegistry(accounts, pacer, upstream, clock, () => {});
  const budgets = new RetryBudgets(clock, false, true);
  const fallbacks = new FallbackRegistry(features, events, clock);
  const random = new ScriptedRandom(0);
  const deferrals = new Deferrals(events, clock, random);
  const costs = new Costs(readCostOptions('cost', undefined, []), clock, () => {});
  const pipeline = new Pipeline({
    features,
    circuits,
    doors,
    budgets,
    deferrals,
    fallbacks,
    costs,
    office: { events, clock, costs, flights: NO_FLIGHTS },
    clock,
    random,
  });
  const begin = (transport: Transport<unknown>, feature = 'one', over: Partial<ClaudeCall> = {}) => {
    const call: ClaudeCall = { ...callAt(clock.nowMs()), feature, workflow: feature, ...over };
    const seen: { outcome?: Outcome<unknown> } = {};
    void Promise.resolve(pipeline.execute(call, transport)).then((outcome) => (seen.outcome = outcome));
    return seen;
  };
  const trip = async (feature: string) => {
    for (let call = 0; call < 5; call++) begin(new ScriptedTransport(http(501)), feature);
    await settle();
  };
  return { begin, circuits, clock, pacer, pipeline, trip, upstream };
}

/** Counts what is sent, and ends a loop that would never end. */
class Counted extends ScriptedTransport {
  override send(call: ClaudeCall, attempt: Attempt): Promise<WireResult<unknown>> {
    return this.sent.length > 100 ? new Promise(() => {}) : super.send(call, attempt);
  }
}

describe('a parent that has closed again', () => {
  it.each([501, 403])('judges nobody: one %i of one feature shuts nobody out', async (status) => {
    const { begin, circuits, clock, trip, upstream } = start();
    await trip('one');
    await trip('two');
    expect(upstream.openForMs('three', A)).toBeGreaterThan(0);
    await clock.advance(5_000);
    begin(new ScriptedTransport(OK), 'three');
    await settle();
    expect(upstream.openForMs('three', A)).toBe(0);
    await clock.advance(3_600_000);
    begin(new ScriptedTransport(http(status)), 'one');
    await settle();
    const seen = begin(new ScriptedTransport(OK), 'three');
    await settle();
    expect(seen.outcome?.status).toBe('served');
    expect(['one', 'two', 'three'].map((name) => circuits.of(name).state().name)).toEqual(['closed', 'closed', 'closed']); // oxfmt-ignore
  });
});

describe('a call that has waited for its turn', () => {
  it('ends at its deadline all the same', async () => {
    const { begin, clock } = start({ maxConcurrency: 1 });
    begin(new ScriptedTransport('hangs'), 'two', { deadlineAtMs: 1_000 });
    const waited = begin(new ScriptedTransport('hangs'), 'one', { deadlineAtMs: 5_000 });
    await clock.advance(4_999);
    expect(waited.outcome).toBeUndefined();
    await clock.advance(1);
    expect(waited.outcome).toMatchObject({ status: 'failed', failure: { kind: 'timeout' }, attempts: 1 });
  });
});

describe('a spare model whose room is full', () => {
  it('makes no loop of requests to the first choice', async () => {
    const { begin } = start({ maxWaiting: 0, maxConcurrency: 1 });
    begin(new ScriptedTransport('hangs'), 'two', { targets: [B] });
    await settle();
    const transport = new Counted(http(529));
    begin(transport, 'one', { targets: [A, B] });
    await settle();
    expect(transport.sent).toHaveLength(1);
  });

  it('still counts as failures of the feature', async () => {
    const { begin, circuits, clock } = start({ maxWaiting: 0, maxConcurrency: 1 });
    begin(new ScriptedTransport('hangs'), 'two', { targets: [B], timeoutMs: 600_000, deadlineAtMs: 600_000 });
    await settle();
    for (let call = 0; call < 3; call++) {
      begin(new Counted(http(529)), 'one', { targets: [A, B] });
      await clock.advance(10_000);
    }
    expect(circuits.of('one').state().name).not.toBe('closed');
  });
});

describe('calls that wait for their turn', () => {
  it('and leave, or are sent away, have sent nothing', async () => {
    const { begin, clock } = start({ maxWaiting: 5, maxConcurrency: 1 });
    begin(new ScriptedTransport('hangs'), 'two', { timeoutMs: 500_000, deadlineAtMs: 900_000 });
    await settle();
    const left = new AbortController();
    const transport = new ScriptedTransport(OK);
    const one = begin(transport, 'one', { signal: left.signal });
    const two = begin(transport, 'one');
    await settle();
    left.abort('gone');
    await clock.advance(200_000);
    expect([one.outcome, two.outcome]).toMatchObject([
      { attempts: 0, failure: { kind: 'cancelled' }, cause: 'gone' },
      { attempts: 0, failure: { kind: 'rate_limited' } },
    ]);
    expect([transport.sent.length, clock.pendingTimers]).toEqual([0, 1]); // of the one that hangs
  });

  it('are not sent to an account that stopped meanwhile', async () => {
    const { begin, clock } = start({ maxConcurrency: 1 });
    const transport = new ScriptedTransport(http(401));
    const calls = Array.from({ length: 50 }, () => begin(transport));
    await clock.advance(1_000);
    expect(calls.map(({ outcome }) => outcome?.status)).toEqual(Array.from({ length: 50 }, () => 'failed'));
    expect(transport.sent).toHaveLength(1);
  });
});

describe('features with a spare model that fails as the first does', () => {
  it('open the parents of both, and one that recovers frees only those it failed', async () => {
    const { begin, circuits, clock, upstream } = start();
    for (let call = 0; call < 5; call++) {
      for (const feature of ['one', 'two']) begin(new Counted(http(529)), feature, { targets: [A, B] });
      begin(new Counted(http(529)), 'three', { targets: [B] });
      await clock.advance(20_000);
    }
    const states = () => ['one', 'two', 'three'].map((name) => circuits.of(name).state().name);
    expect(states()).not.toContain('closed');
    expect([upstream.openForMs('default', A), upstream.openForMs('default', B)].every((ms) => ms > 0)).toBe(true);
    await clock.advance(60_000);
    begin(new ScriptedTransport(OK), 'default', { targets: [A] });
    await settle();
    expect(upstream.openForMs('default', A)).toBe(0);
    expect(states().map((state) => state === 'closed')).toEqual([true, true, false]);
  });
});

describe('a reader of a stream whose splice is broken', () => {
  it('gives its permit and its turn back', async () => {
    class BrokenRun extends StreamRun<StreamEvent> {
      override begin(): never {
        throw new Error('a bug');
      }
    }
    class Nothing extends StreamTransport<StreamEvent> {
      async open(): Promise<never> {
        throw new Error('nobody gets that far');
      }
      describe(): FailureFacts {
        return { from: 'code' };
      }
    }
    const { pipeline, pacer, circuits, clock } = start({ maxConcurrency: 1 });
    const over = new AbortController().signal;
    const outcome = await pipeline.executeStream(callAt(clock.nowMs()), new BrokenRun('fail'), {
      transport: new Nothing(),
      sink: { push: async () => true } as never,
      limits: { idleMs: 1_000, firstEventMs: 1_000, totalMs: 1_000 } as never,
      over,
    });
    expect(outcome).toMatchObject({ status: 'failed', failure: { kind: 'internal' } });
    expect(pacer.snapshot()[0]).toMatchObject({ underWay: 0 });
    expect(circuits.of('one').state().name).toBe('closed');
  });
});

describe('a wire that breaks its promise', () => {
  it('gives its permit and its turn back', async () => {
    class Broken extends Transport<unknown> {
      send(): Promise<WireResult<unknown>> {
        throw new Error('a bug');
      }
    }
    const { begin, circuits, pacer } = start({ maxConcurrency: 1 });
    const seen = begin(new Broken());
    await settle();
    expect(seen.outcome).toMatchObject({ status: 'failed', failure: { kind: 'internal' } });
    expect(pacer.snapshot()[0]).toMatchObject({ underWay: 0 });
    expect(circuits.of('one').state().name).toBe('closed');
  });
});

const limit = (tokens: number) => ({
  'anthropic-ratelimit-output-tokens-limit': String(tokens),
  'anthropic-ratelimit-output-tokens-remaining': String(tokens),
});

describe('the limits of tokens', () => {
  const REQUEST: TurnRequest = {
    bucket: 'b',
    priority: 'normal',
    isDeferred: false,
    attempt: 1,
    deadlineAtMs: Infinity,
    estimate: { inputTokens: 100, outputTokens: 4_000 },
  };
  const usage = { inputTokens: 100, outputTokens: 4_000 };

  it('an absurd one closes a bucket for minutes, not for days: somebody looks again', async () => {
    const { clock, pacer } = start();
    (pacer.admit(REQUEST) as Turn).done({ headers: limit(1), usage });
    let admitted = 0;
    for (let look = 0; look < 20; look++) {
      void Promise.resolve(pacer.admit({ ...REQUEST, deadlineAtMs: clock.nowMs() + 120_000 })).then((turn) => {
        if (!turn.admitted) return;
        admitted++;
        turn.done({ headers: {}, usage });
      });
      await clock.advance(180_000);
    }
    expect(admitted).toBeGreaterThan(5);
  });

  it('are not touched by a turn that was not used', async () => {
    const { clock, pacer } = start();
    (pacer.admit(REQUEST) as Turn).done({ headers: limit(10_000), usage });
    await clock.advance(120_000);
    for (let turn = 0; turn < 5; turn++) {
      const admitted = pacer.admit(REQUEST);
      expect(admitted).toMatchObject({ admitted: true }); // not a promise: nobody waits
      (admitted as Turn).done({ isUnsent: true });
    }
  });
});
