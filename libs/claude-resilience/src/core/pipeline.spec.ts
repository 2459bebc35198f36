import { describe, expect, it, jest } from '@jest/globals';
import { ManualClock, ScriptedRandom, ScriptedTransport, settle, type ScriptedReply } from '../testing/index.js';
import { AccountRegistry } from './account/account-registry.js';
import { readAccountOptions } from './account/account.options.js';
import type { ResolvedRetryBudgetOptions } from './retry/retry-budget.options.js';
import { RetryBudgets } from './retry/retry-budgets.js';
import { TargetRegistry } from './target-registry.js';
import { AS_IT_IS } from './as-it-is.js';
import type { ClaudeCall, Outcome, WireResult } from './call.js';
import { CircuitRegistry } from './circuit/circuit-registry.js';
import { Deferrals } from './deferral/deferrals.js';
import { EventHub, type ClaudeEvent } from './events.js';
import { FallbackRegistry } from './fallback/fallback-registry.js';
import { ClaudeFallbackHandler } from './fallback/fallback.port.js';
import type { FailureKind } from './failure/failure.js';
import { FeatureRegistry } from './feature-registry.js';
import { OptionReader } from './option-reader.js';
import { readResilienceOptions } from './options.js';
import { Pacer } from './pacing/pacer.js';
import { PACING_DEFAULTS } from './pacing/pacing.options.js';
import { Costs } from './cost/costs.js';
import { readCostOptions } from './cost/cost.options.js';
import { Pipeline } from './pipeline.js';
import { UpstreamCircuits } from './upstream-circuits.js';
import { Transport } from './transport.port.js';

/** Nobody counts what is under way. */
const NO_FLIGHTS = { began: () => ({ ended: () => {} }) };

const OK: ScriptedReply = { value: 'hello' };
const http = (status: number, more: { retryAfter?: string } = {}): ScriptedReply => ({
  from: 'response',
  status,
  ...more,
});

const ACCOUNT_OPTIONS = readAccountOptions('account', undefined, []);

/** One application: real rooms, a clock by hand, no chance. */
function start(options: unknown = {}, budget: ResolvedRetryBudgetOptions | false = false) {
  const issues: string[] = [];
  const clock = new ManualClock();
  const events = new EventHub(clock);
  const heard: ClaudeEvent[] = [];
  events.subscribe((event) => heard.push(event));
  const features = new FeatureRegistry(
    readResilienceOptions(
      new OptionReader('', { circuit: { whenOpen: 'refuse' }, ...(options as object) }, issues),
      issues,
    ).features,
  );
  const circuits = new CircuitRegistry(features, clock, (to) => {
    events.emit({ type: 'circuit.transitioned', ...to });
    upstream.transitioned(to);
  });
  const upstream = new UpstreamCircuits(circuits, clock);
  const fallbacks = new FallbackRegistry(features, events, clock);
  const accounts = new AccountRegistry(['anthropic'], ACCOUNT_OPTIONS, clock, (notice) => events.emit(notice));
  const doors = new TargetRegistry(
    accounts,
    new Pacer(PACING_DEFAULTS, clock, new ScriptedRandom(0)),
    upstream,
    clock,
    ({ model, platform }, { from, to }) =>
      events.emit({ type: 'model.transitioned', model, platform, from, to: to.name }),
  );
  const costs = new Costs(readCostOptions('cost', undefined, []), clock, () => {});
  const random = new ScriptedRandom(0);
  const pipeline = new Pipeline({
    features,
    circuits,
    doors,
    budgets: new RetryBudgets(clock, budget, budget === false),
    deferrals: new Deferrals(events, clock, random),
    fallbacks,
    costs,
    office: { events, clock, costs, flights: NO_FLIGHTS },
    clock,
    random,
  });
  let calls = 0;
  const open = (feature: string, over: Partial<ClaudeCall> = {}): ClaudeCall => ({
    id: `call-${++calls}`,
    feature,
    workflow: feature,
    priority: 'normal',
    model: 'claude-sonnet-5-5',
    targets: [{ model: 'claude-sonnet-5-5', platform: 'anthropic', bucket: 'anthropic:sonnet-5-5' }],
    startedAtMs: clock.nowMs(),
    deadlineAtMs: clock.nowMs() + features.get(feature).deadlineMs,
    timeoutMs: features.get(feature).timeoutMs,
    fairTimeoutMs: features.get(feature).timeoutMs / 2,
    signal: undefined,
    ...over,
  });
  /** Begins a call; notes when each request was sent, and how and when it ended. */
  const begin = (transport: Transport<unknown>, feature = 'summarisation', over: Partial<ClaudeCall> = {}) => {
    const seen: { outcome?: Outcome<unknown, unknown>; endedAtMs?: number } = {};
    const ended = pipeline.executeWithFallback(open(feature, over), transport, { document: 'd' });
    void Promise.resolve(ended).then((outcome) => Object.assign(seen, { outcome, endedAtMs: clock.nowMs() }));
    return seen;
  };
  /** A call that runs to its end. */
  const run = async (...script: ScriptedReply[]) => {
    const transport = new ScriptedTransport(...script);
    const seen = begin(transport);
    await clock.advance(200_000);
    return { ...seen, sent: transport.sent.length };
  };
  /** Five overloads, one request each. */
  const trip = async (feature = 'summarisation') => {
    for (let n = 0; n < 5; n++) begin(new ScriptedTransport(http(501)), feature);
    await settle();
    expect(circuits.of(feature).state().name).toBe('open');
  };
  return { clock, events, heard, circuits, fallbacks, features, begin, run, trip };
}

const failedWith = (kind: FailureKind, attempts: number) => ({ status: 'failed', failure: { kind }, attempts });

describe('retries (R2-R6, R8-R13)', () => {
  // oxfmt-ignore
  it.each<[what: string, script: ScriptedReply[], sent: number, endedAtMs: number, outcome: object]>([
    ['a first answer',                 [OK],                                     1, 0,      { status: 'served', value: 'hello', attempts: 1 }],
    ['429 with Retry-After, then 200', [http(429, { retryAfter: '7' }), OK],     2, 7000,   { status: 'served', attempts: 2 }],
    ['429 without, then 200',          [http(429), OK],                          2, 1000,   { status: 'served', attempts: 2 }],
    ['429 for ever',                   [http(429)],                              6, 31_000, failedWith('rate_limited', 6)],
    ['500 twice: waits of 2 s and 4 s', [http(500), http(500), OK],              3, 6000,   { status: 'served', attempts: 3 }],
    ['529 twice: waits of 3 s and 6 s', [http(529), http(529), OK],              3, 9000,   { status: 'served', attempts: 3 }],
    ['400',                            [http(400), OK],                          1, 0,      failedWith('invalid_request', 1)],
    ['401',                            [http(401), OK],                          1, 0,      failedWith('authentication', 1)],
    ['403',                            [http(403), OK],                          1, 0,      failedWith('permission', 1)],
    ['404',                            [http(404), OK],                          1, 0,      failedWith('not_found', 1)],
    ['413',                            [http(413), OK],                          1, 0,      failedWith('too_large', 1)],
    ['a refusal',                      [{ from: 'refusal' }, OK],                1, 0,      failedWith('content_policy', 1)],
    ['silence, then an answer',        ['hangs', OK],                            2, 60_000, { status: 'served', attempts: 2 }],
    ['a bug in what was called',       [{ from: 'code' }, OK],                   1, 0,      failedWith('internal', 1)],
  ])('%s', async (_what, script, sent, endedAtMs, outcome) => {
    const ended = await start().run(...script);
    expect(ended).toMatchObject({ sent, endedAtMs, outcome });
  });

  it('silence for ever: two requests of equal time, if the deadline leaves it', async () => {
    const ended = await start({ timeoutMs: 10_000 }).run('hangs');
    expect(ended).toMatchObject({ sent: 2, endedAtMs: 20_000, outcome: failedWith('timeout', 2) });
  });

  it('a Retry-After beyond the deadline ends the call at once (R14)', async () => {
    const ended = await start({ deadlineMs: 30_000 }).run(http(429, { retryAfter: '30' }));
    expect(ended).toMatchObject({ sent: 1, endedAtMs: 0, outcome: { failure: { retryAfterMs: 30_000 } } });
  });

  it('the deadline ends an attempt midway, and there is no other (R14)', async () => {
    const ended = await start({ deadlineMs: 30_000 }).run('hangs');
    expect(ended).toMatchObject({
      sent: 1,
      endedAtMs: 30_000,
      outcome: { failure: { kind: 'timeout', rule: 'deadline' } },
    });
  });

  it('each call pays half a retry: alone it has none, after another it has one', async () => {
    const { begin, clock } = start({}, { ratio: 0.5, perSecond: 0 });
    const alone = begin(new ScriptedTransport(http(500)));
    await settle();
    begin(new ScriptedTransport(OK));
    const after = begin(new ScriptedTransport(http(500)));
    await clock.advance(200_000);
    expect([alone, after]).toMatchObject([
      { outcome: failedWith('server_error', 1), endedAtMs: 0 },
      { outcome: failedWith('server_error', 2) },
    ]);
  });

  it('keeps the cause of the last attempt', async () => {
    const { outcome } = await start().run(http(401));
    expect(outcome).toMatchObject({ cause: { message: 'scripted: response' } });
  });
});

describe('aborting (R15)', () => {
  it.each([
    ['before', 0, 0, 0],
    ['during an attempt', 500, 1, 0],
    ['during a wait', 61_000, 1, 1],
  ])('%s ends the call at once; nothing more is sent, no timer is left', async (_when, abortAtMs, sent, failures) => {
    const { clock, begin, circuits } = start({ retry: { timeout: { baseDelayMs: 5000 } } });
    const controller = new AbortController();
    const transport = new ScriptedTransport('hangs');
    if (abortAtMs === 0) controller.abort('gone');
    const seen = begin(transport, 'summarisation', { signal: controller.signal });
    await clock.advance(abortAtMs);
    controller.abort('gone');
    await clock.advance(0);
    expect(seen).toMatchObject({ endedAtMs: abortAtMs, outcome: { ...failedWith('cancelled', sent), cause: 'gone' } });
    expect(clock.pendingTimers).toBe(0);
    expect(circuits.of('summarisation').report()).toMatchObject({ calls: failures, failures });
    await clock.advance(300_000);
    expect(transport.sent).toHaveLength(sent);
  });
});

describe('the circuit (R19-R22)', () => {
  it('5 failures open it: later calls send nothing and fail at once, other features go on', async () => {
    const { clock, begin, trip } = start();
    await trip();
    const transport = new ScriptedTransport(OK);
    const refused = begin(transport);
    const other = begin(transport, 'classification');
    await settle();
    expect(refused).toMatchObject({
      endedAtMs: 0,
      outcome: { ...failedWith('circuit_open', 0), failure: { retryAfterMs: 5000 } },
    });
    expect(other).toMatchObject({ endedAtMs: 0, outcome: { status: 'served' } });
    expect(transport.sent.map(({ call }) => call.feature)).toEqual(['classification']);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each<[string, Partial<ClaudeCall>, object, { endedAtMs: number; screened: number; returns: number }]>([
    ['can wait for it', {}, { status: 'served' }, { endedAtMs: 5_000, screened: 1, returns: 1 }],
    [
      'has just enough time for that',
      { deadlineAtMs: 5_001 },
      { status: 'served' },
      { endedAtMs: 5_000, screened: 1, returns: 1 },
    ],
    [
      'has too little time for that: nobody looks what is in it',
      { deadlineAtMs: 5_000 },
      failedWith('circuit_open', 0),
      { endedAtMs: 0, screened: 0, returns: 0 },
    ],
    [
      'was given up before',
      { deadlineAtMs: 4_999, signal: AbortSignal.abort() },
      failedWith('cancelled', 0),
      { endedAtMs: 0, screened: 1, returns: 0 },
    ],
    ['was too late before', { deadlineAtMs: 0 }, failedWith('timeout', 0), { endedAtMs: 0, screened: 1, returns: 0 }],
  ])('it is open for a call that %s', async (_, over, outcome, { endedAtMs, ...noted }) => {
    const { begin, clock, trip, circuits } = start({ circuit: { whenOpen: 'wait' } });
    await trip();
    const transport = new ScreenedTransport();
    const seen = begin(transport, 'summarisation', over);
    await clock.advance(200_000);
    expect(seen).toMatchObject({ outcome, endedAtMs });
    const { returns } = circuits.of('summarisation').tally;
    expect({ screened: transport.screened, returns }).toEqual(noted);
  });

  it('opens midway: a retry that would come too early is not waited for', async () => {
    const { begin, clock } = start({ circuit: { failureThreshold: 2, whenOpen: 'refuse' } });
    const transport = new ScriptedTransport(http(500));
    const seen = begin(transport);
    await clock.advance(200_000);
    expect(transport.sent).toHaveLength(2);
    expect(seen).toMatchObject({ endedAtMs: 2000, outcome: failedWith('server_error', 2) });
  });

  it('after the cool-down one probe at a time; success closes it', async () => {
    const { begin, clock, trip, circuits } = start();
    await trip();
    await clock.advance(5000);
    const held = new HeldTransport();
    const probe = begin(held);
    const beside = begin(held);
    await settle();
    expect(held.answers).toHaveLength(1);
    expect(beside.outcome).toMatchObject(failedWith('circuit_open', 0));
    held.answers[0]?.({ ok: true, value: 'well again' });
    await settle();
    expect(probe.outcome).toMatchObject({ status: 'served' });
    expect(circuits.of('summarisation').state().name).toBe('closed');
  });

  it('a probe that hangs ends with its timeout, and the next cool-down is followed by another', async () => {
    const { begin, clock, trip, circuits } = start();
    await trip();
    await clock.advance(5000);
    begin(new ScriptedTransport('hangs'));
    await clock.advance(60_000);
    expect(circuits.of('summarisation').state()).toMatchObject({ name: 'open', openings: 2 });
    await clock.advance(10_000);
    const seen = begin(new ScriptedTransport(OK));
    await settle();
    expect(seen.outcome).toMatchObject({ status: 'served' });
  });

  it.each<[what: string, reply: ScriptedReply]>([
    ['rate limits', http(429)],
    ['requests that must be mended', http(400)],
    ['wrong keys', http(401)],
    ['refusals', { from: 'refusal' }],
    ['bugs of the application', { from: 'code' }],
  ])('%s do not trip it', async (_what, reply) => {
    const { begin, clock, circuits } = start({ retry: { rateLimited: { maxRetries: 0 } } });
    for (let n = 0; n < 50; n++) begin(new ScriptedTransport(reply));
    await clock.advance(0);
    expect(circuits.of('summarisation').state()).toMatchObject({ name: 'closed', generation: 0 });
  });

  it('calls that came too late to be sent do not trip it', async () => {
    const { begin, circuits } = start();
    const transport = new ScriptedTransport(OK);
    const seen = Array.from({ length: 50 }, () => begin(transport, 'summarisation', { deadlineAtMs: 0 }));
    await settle();
    expect(seen[0]?.outcome).toMatchObject({ ...failedWith('timeout', 0), failure: { rule: 'deadline' } });
    expect(transport.sent).toEqual([]);
    expect(circuits.of('summarisation').report()).toMatchObject({ calls: 0, failures: 0 });
  });

  it('a transport that throws gives its permit back', async () => {
    const { begin, clock, trip, circuits } = start();
    await trip();
    await clock.advance(5000);
    const seen = begin(new ThrowingTransport());
    await settle();
    expect(seen.outcome).toMatchObject(failedWith('internal', 1));
    expect(circuits.of('summarisation').openForMs()).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the fallback (R23-R26, R29)', () => {
  class Shortened extends ClaudeFallbackHandler {
    constructor(private readonly fails = false) {
      super();
    }
    answer(input: unknown): unknown {
      if (this.fails) throw new Error('template is missing');
      return { summary: input };
    }
  }

  it('answers when retries are used up, and when the circuit is open', async () => {
    const { fallbacks, run, begin, trip } = start();
    fallbacks.set('summarisation', new Shortened());
    const value = { summary: { document: 'd' }, degraded: true, message: expect.any(String) };
    await expect(run(http(529))).resolves.toMatchObject({
      outcome: { status: 'fallback', value, failure: { kind: 'overloaded' }, attempts: 4 },
    });
    await trip();
    const refused = begin(new ScriptedTransport(OK));
    await settle();
    expect(refused.outcome).toMatchObject({
      status: 'fallback',
      value,
      failure: { kind: 'circuit_open' },
      attempts: 0,
    });
  });

  it.each([
    ['what the caller must mend is told', false, http(400), 'invalid_request' as const, 1],
    ['a fallback that throws leaves the failure', true, http(401), 'authentication' as const, 1],
  ])('%s', async (_what, fails, reply, kind, attempts) => {
    const { fallbacks, run } = start();
    fallbacks.set('summarisation', new Shortened(fails));
    await expect(run(reply)).resolves.toMatchObject({ outcome: failedWith(kind, attempts) });
  });
});

describe('what is told (R30-R32)', () => {
  it('a call that was served at the third attempt', async () => {
    const { run, heard } = start();
    await run(http(500), http(529), OK);
    expect(heard).toMatchObject([
      { type: 'attempt.failed', attempt: 1, failure: { kind: 'server_error' }, durationMs: 0, call: { id: 'call-1' } },
      { type: 'retry.scheduled', attempt: 1, kind: 'server_error', delayMs: 2000 },
      { type: 'attempt.failed', attempt: 2, failure: { kind: 'overloaded' }, durationMs: 0 },
      { type: 'retry.scheduled', attempt: 2, kind: 'overloaded', delayMs: 3000 },
      { type: 'call.completed', outcome: 'served', attempts: 3, durationMs: 5000 },
    ]);
    expect(heard.at(-1)).not.toHaveProperty('failure');
  });

  it('a refused call: no attempt', async () => {
    const { begin, trip, heard } = start();
    await trip();
    heard.length = 0;
    begin(new ScriptedTransport(OK));
    await settle();
    const failed = { outcome: 'failed', failure: { kind: 'circuit_open' }, endedBy: 'circuit_open', attempts: 0 };
    expect(heard).toMatchObject([{ type: 'call.completed', ...failed }]);
  });

  it('an objection that was long in the making: the time it took, which nobody waited for', async () => {
    const { begin, heard, clock } = start();
    const look = jest.spyOn(clock, 'nowMs');
    begin(new ScreenedTransport(() => look.mockReturnValue(clock.nowMs() + 40)));
    await settle();
    const failed = { outcome: 'failed', failure: { kind: 'too_large' }, durationMs: 40 };
    expect(heard).toMatchObject([{ type: 'call.completed', ...failed }]);
  });

  it('a listener that throws changes nothing', async () => {
    const { events, run } = start();
    events.subscribe(() => {
      throw new Error('sink is down');
    });
    await expect(run(http(500), OK)).resolves.toMatchObject({ outcome: { status: 'served', attempts: 2 } });
  });
});

describe('a call inside this one (R14)', () => {
  it('takes over permits, limits, retries and the telling', async () => {
    const { begin, clock, circuits } = start({ circuit: { failureThreshold: 1 } });
    const seen = begin(new NestedTransport());
    await clock.advance(120_099); // the call inside has the same deadline, and is first to say so
    expect(seen.outcome).toBeUndefined();
    await clock.advance(1);
    expect(seen).toMatchObject({ endedAtMs: 120_100, outcome: failedWith('timeout', 1) });
    expect(circuits.of('summarisation').report()).toMatchObject({ calls: 0, stale: 0 });
  });

  it('what it failed of was told there', async () => {
    const inner = {
      kind: 'overloaded',
      retryable: true,
      verdict: 'failure',
      scope: 'service',
      severity: 'warning',
      rule: 'overloaded',
    } as const;
    const { begin, heard } = start();
    const seen = begin(new NestedTransport({ ok: false, facts: { from: 'inner_call', failure: inner }, cause: null }));
    await settle();
    expect(seen.outcome).toMatchObject(failedWith('overloaded', 1));
    expect(heard).toEqual([]);
  });

  it('a request beside it that fails is counted and told all the same', async () => {
    const { begin, heard, circuits } = start({ circuit: { failureThreshold: 1 } });
    begin(new NestedTransport({ ok: false, facts: { from: 'response', status: 501 }, cause: null }));
    await settle();
    expect(circuits.of('summarisation').state().name).toBe('open');
    expect(heard.map(({ type }) => type)).toEqual(['circuit.transitioned', 'attempt.failed', 'call.completed']);
  });
});

class HeldTransport extends Transport<unknown> {
  readonly answers: ((result: WireResult<unknown>) => void)[] = [];
  send(): Promise<WireResult<unknown>> {
    return new Promise((resolve) => this.answers.push(resolve));
  }
}

/** Counts how often somebody looked at what is in it. */
class ScreenedTransport extends Transport<unknown> {
  screened = 0;

  /** @param object if it is too large */
  constructor(object?: () => void) {
    super({
      ...AS_IT_IS,
      objection: () => {
        this.screened++;
        object?.();
        return object && { facts: { from: 'oversize' }, cause: undefined };
      },
    });
  }

  async send(): Promise<WireResult<unknown>> {
    return { ok: true, value: 'hello' };
  }
}

class ThrowingTransport extends Transport<unknown> {
  send(): never {
    throw new TypeError('x is not a function');
  }
}

class NestedTransport extends Transport<unknown> {
  constructor(private readonly result?: WireResult<unknown>) {
    super();
  }
  send(_call: ClaudeCall, attempt: { handOver(): void }): Promise<WireResult<unknown>> {
    attempt.handOver();
    return this.result === undefined ? new Promise(() => {}) : Promise.resolve(this.result);
  }
}
