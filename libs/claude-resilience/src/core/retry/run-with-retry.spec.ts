import { describe, expect, it } from '@jest/globals';
import { ManualClock, ScriptedRandom } from '../../testing/index.js';
import type { AttemptResult, ClaudeCall } from '../call.js';
import type { Failure, FailureKind } from '../failure/failure.js';
import { RETRY_DEFAULTS, STRATEGY_OF, type ResolvedRetryOptions } from './retry.options.js';
import { runWithRetry, type RetriedResult } from './run-with-retry.js';

type Step = FailureKind | 'ok' | Failure;

interface Setting {
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly random?: number;
  readonly options?: ResolvedRetryOptions;
  readonly circuitOpenForMs?: number;
}

const failure = (kind: FailureKind, retryAfterMs?: number): Failure => ({
  kind,
  retryable: STRATEGY_OF[kind] !== undefined,
  verdict: 'failure',
  scope: 'service',
  severity: 'warning',
  rule: 'test',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

/** Runs a script, the last step for ever; notes when attempts were made and which waits were announced. */
function start(script: readonly Step[], setting: Setting = {}) {
  const clock = new ManualClock();
  const call: ClaudeCall = {
    id: 'call-1',
    feature: 'default',
    workflow: 'default',
    priority: 'normal',
    model: undefined,
    targets: [],
    startedAtMs: 0,
    deadlineAtMs: setting.deadlineMs ?? 120_000,
    timeoutMs: 60_000,
    fairTimeoutMs: 0,
    signal: setting.signal,
  };
  const attemptsAtMs: number[] = [];
  const announced: [number, FailureKind, number][] = [];
  const attempt = (number: number): Promise<AttemptResult<string>> => {
    attemptsAtMs.push(clock.nowMs());
    const step = script[Math.min(number, script.length) - 1] ?? 'ok';
    if (step === 'ok') return Promise.resolve({ ok: true, value: `answer ${number}` });
    return Promise.resolve({
      ok: false,
      failure: typeof step === 'string' ? failure(step) : step,
      cause: `cause ${number}`,
    });
  };
  const seen: { result?: RetriedResult<string>; endedAtMs?: number } = {};
  void runWithRetry(
    call,
    { attempt, ended: (result) => Object.assign(seen, { result, endedAtMs: clock.nowMs() }) },
    {
      circuitOpenForMs: () => setting.circuitOpenForMs ?? 0,
      retrying: (number, kind, delayMs) => announced.push([number, kind, delayMs]),
    },
    setting.options ?? RETRY_DEFAULTS,
    clock,
    new ScriptedRandom(setting.random ?? 0),
  );
  return { clock, attemptsAtMs, announced, seen };
}

describe('attempts and waits (R6, R8-R13)', () => {
  // oxfmt-ignore
  it.each<[what: string, script: Step[], attemptsAtMs: number[], end: 'ok' | FailureKind]>([
    ['success needs one',               ['ok'],                                                  [0],                                  'ok'],
    ['429 with a hint, then 200',       [failure('rate_limited', 7000), 'ok'],                   [0, 7000],                            'ok'],
    ['429 for ever: five retries',      ['rate_limited'],                                        [0, 1000, 3000, 7000, 15_000, 31_000], 'rate_limited'],
    ['500 twice',                       ['server_error', 'server_error', 'ok'],                  [0, 2000, 6000],                      'ok'],
    ['500 for ever: three retries',     ['server_error'],                                        [0, 2000, 6000, 14_000],              'server_error'],
    ['529 for ever: three, longer',     ['overloaded'],                                          [0, 3000, 9000, 21_000],              'overloaded'],
    ['timeout: one retry, at once',     ['timeout'],                                             [0, 0],                               'timeout'],
    ['connection for ever: three',      ['connection'],                                          [0, 1000, 3000, 7000],                'connection'],
    ['400: one request',                ['invalid_request'],                                     [0],                                  'invalid_request'],
    ['a permanent end after a 500',     ['server_error', 'authentication'],                      [0, 2000],                            'authentication'],
    ['mixed kinds count separately',    ['server_error', 'overloaded', 'server_error', 'timeout', 'rate_limited', 'overloaded', 'ok'],
                                                                                                 [0, 2000, 5000, 9000, 9000, 10_000, 16_000], 'ok'],
  ])('%s', async (_what, script, attemptsAtMs, end) => {
    const run = start(script);
    await run.clock.advance(120_000);
    expect(run.attemptsAtMs).toEqual(attemptsAtMs);
    expect(run.seen.endedAtMs).toBe(attemptsAtMs.at(-1));
    const { result } = run.seen;
    expect(result?.attempts).toBe(attemptsAtMs.length);
    expect(result?.ok === true ? 'ok' : result?.failure.kind).toBe(end);
    expect(run.clock.pendingTimers).toBe(0);
  });

  it('announces each wait with its attempt, kind and length, and waits exactly that', async () => {
    const run = start(['server_error', 'overloaded', 'ok'], { random: 0.5 });
    await run.clock.advance(120_000);
    expect(run.announced).toEqual([
      [1, 'server_error', 2250],
      [2, 'overloaded', 3250],
    ]);
    expect(run.attemptsAtMs).toEqual([0, 2250, 5500]);
  });

  it('gives the last failure and its cause back', async () => {
    const run = start(['timeout', 'timeout']);
    await run.clock.advance(0);
    expect(run.seen.result).toMatchObject({ ok: false, failure: { kind: 'timeout' }, cause: 'cause 2', attempts: 2 });
  });
});

describe('the deadline (R14)', () => {
  it.each([
    ['a hint beyond it ends at once', failure('rate_limited', 30_000), 30_000, [0]],
    ['a hint before it is waited for', failure('rate_limited', 29_999), 30_000, [0, 29_999]],
    ['a backoff beyond it ends at once', 'server_error' as const, 6000, [0, 2000]],
  ])('%s', async (_what, step, deadlineMs, attemptsAtMs) => {
    const run = start([step], { deadlineMs });
    await run.clock.advance(120_000);
    expect(run.attemptsAtMs).toEqual(attemptsAtMs);
    expect(run.seen.endedAtMs).toBe(attemptsAtMs.at(-1));
  });
});

describe('the circuit (R20)', () => {
  it('a wait that would end at a closed door is not begun; the failure is that of the attempt', async () => {
    const run = start(['server_error'], { circuitOpenForMs: 5000 });
    await run.clock.advance(120_000);
    expect(run.seen).toMatchObject({ endedAtMs: 0, result: { failure: { kind: 'server_error' }, attempts: 1 } });
  });

  it.each([
    ['at once', ['circuit_open' as const], 0],
    ['after a retry', ['server_error' as const, 'circuit_open' as const], 1],
  ])('a refusal %s is not retried and not counted as a request', async (_what, script, attempts) => {
    const run = start(script);
    await run.clock.advance(120_000);
    expect(run.seen.result).toMatchObject({ ok: false, failure: { kind: 'circuit_open' }, attempts });
    expect(run.attemptsAtMs).toHaveLength(script.length);
  });
});

describe('aborting (R15)', () => {
  it('before anything: nothing is sent', async () => {
    const run = start(['ok'], { signal: AbortSignal.abort('gone') });
    await run.clock.advance(0);
    expect(run.attemptsAtMs).toEqual([]);
    expect(run.seen.result).toMatchObject({ ok: false, failure: { kind: 'cancelled' }, cause: 'gone', attempts: 0 });
  });

  it('during a wait: ends at once, nothing more is sent, no timer is left', async () => {
    const controller = new AbortController();
    const run = start(['overloaded'], { signal: controller.signal });
    await run.clock.advance(1000);
    controller.abort('gone');
    await run.clock.advance(0);
    expect(run.seen).toMatchObject({
      endedAtMs: 1000,
      result: { ok: false, failure: { kind: 'cancelled', retryable: false }, cause: 'gone', attempts: 1 },
    });
    expect(run.clock.pendingTimers).toBe(0);
    await run.clock.advance(120_000);
    expect(run.attemptsAtMs).toEqual([0]);
  });
});

describe('a deadline that is over before anything (R14)', () => {
  it.each([0, -1])('%d ms left: nothing is sent', async (deadlineMs) => {
    const run = start(['ok'], { deadlineMs });
    await run.clock.advance(0);
    expect(run.attemptsAtMs).toEqual([]);
    expect(run.seen.result).toMatchObject({ ok: false, failure: { kind: 'timeout', rule: 'deadline' }, attempts: 0 });
  });
});
