import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FAILURE_KINDS, type Failure, type FailureKind } from '../failure/failure.js';
import { decideRetry, type RetrySituation } from './decide-retry.js';
import { RETRY_DEFAULTS, STRATEGY_OF, type ResolvedRetryOptions, type ResolvedRetryStrategy } from './retry.options.js';

const failure = (kind: FailureKind, retryAfterMs?: number): Failure => ({
  kind,
  retryable: true,
  verdict: 'failure',
  scope: 'service',
  severity: 'warning',
  rule: 'test',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const first: RetrySituation = {
  retriesMade: 0,
  timeLeftMs: 120_000,
  circuitOpenForMs: 0,
  othersSucceed: false,
  sitsOut: false,
  random: 0,
};
const allKinds = (strategy: ResolvedRetryStrategy): ResolvedRetryOptions => ({
  rateLimited: strategy,
  serverError: strategy,
  overloaded: strategy,
  timeout: strategy,
  connection: strategy,
});
const patient = allKinds({ maxRetries: 100, baseDelayMs: 1000, maxDelayMs: 60_000, jitterMs: 500, goesOn: false });

describe('waits by default (R8, R9, R11, R13)', () => {
  it.each<[kind: FailureKind, retriesMade: number, random: number, hintMs: number | undefined, delayMs: number]>([
    ['rate_limited', 0, 0, undefined, 1000],
    ['rate_limited', 0, 0.5, undefined, 1250],
    ['rate_limited', 1, 0.5, undefined, 2250],
    ['rate_limited', 2, 0, undefined, 4000],
    ['rate_limited', 4, 0.5, undefined, 16_250],
    ['rate_limited', 0, 0, 20_000, 20_000],
    ['rate_limited', 0, 0.5, 20_000, 20_250],
    ['rate_limited', 4, 0, 1, 1],
    ['rate_limited', 0, 0, 90_000, 90_000],
    ['server_error', 0, 0, undefined, 2000],
    ['server_error', 1, 0, undefined, 4000],
    ['server_error', 2, 0.5, undefined, 8250],
    ['overloaded', 0, 0, undefined, 3000],
    ['overloaded', 1, 0, undefined, 6000],
    ['overloaded', 2, 0.5, undefined, 12_250],
    ['overloaded', 0, 0, 1000, 3000],
    ['overloaded', 0, 0.5, 10_000, 10_250],
    ['overloaded', 0, 0, 90_000, 90_000],
    ['timeout', 0, 0, undefined, 0],
    ['timeout', 0, 0.5, undefined, 250],
    ['connection', 0, 0, undefined, 1000],
    ['connection', 2, 0, undefined, 4000],
  ])('%s, retries made %i, random %d, hint %s: %d ms', (kind, retriesMade, random, hintMs, delayMs) => {
    expect(decideRetry(failure(kind, hintMs), { ...first, retriesMade, random }, RETRY_DEFAULTS)).toEqual({
      retry: true,
      delayMs,
    });
  });

  it.each([
    [5, 32_250],
    [6, 60_000],
    [7, 60_000],
    [99, 60_000],
  ])('without a hint 60 s is the ceiling, jitter included: retry %i waits %d ms', (retriesMade, delayMs) => {
    const decision = decideRetry(failure('rate_limited'), { ...first, retriesMade, random: 0.5 }, patient);
    expect(decision).toEqual({ retry: true, delayMs });
  });
});

describe('how often (R6, R10, R11, R13)', () => {
  it.each<[kind: FailureKind, retries: number]>([
    ['rate_limited', 5],
    ['server_error', 3],
    ['overloaded', 3],
    ['timeout', 1],
    ['connection', 3],
  ])('%s: %i retries, then exhausted', (kind, retries) => {
    const at = (retriesMade: number) => decideRetry(failure(kind), { ...first, retriesMade }, RETRY_DEFAULTS);
    expect(at(retries - 1).retry).toBe(true);
    expect(at(retries)).toEqual({ retry: false, reason: 'exhausted' });
  });

  it.each<[kind: FailureKind, delayMs: number]>([
    ['rate_limited', 16_000],
    ['server_error', 8000],
    ['overloaded', 12_000],
    ['connection', 4000],
  ])('%s: on and on while others succeed, with waits that grow no more', (kind, delayMs) => {
    const at = (retriesMade: number) =>
      decideRetry(failure(kind), { ...first, retriesMade, othersSucceed: true }, RETRY_DEFAULTS);
    expect([at(5), at(50)]).toEqual([{ retry: true, delayMs }, { retry: true, delayMs }]); // oxfmt-ignore
  });

  it.each<[what: string, kind: FailureKind, options: ResolvedRetryOptions]>([
    ['a timeout', 'timeout', RETRY_DEFAULTS],
    ['a number that somebody gave', 'overloaded', allKinds({ ...patient.overloaded, maxRetries: 3 })],
  ])('%s is a limit, whoever succeeds', (_what, kind, options) => {
    const decision = decideRetry(failure(kind), { ...first, retriesMade: 3, othersSucceed: true }, options);
    expect(decision).toEqual({ retry: false, reason: 'exhausted' });
  });

  it('no retries at all when the option says 0', () => {
    const none = allKinds({ ...patient.rateLimited, maxRetries: 0 });
    expect(decideRetry(failure('overloaded'), first, none)).toEqual({ retry: false, reason: 'exhausted' });
  });
});

describe('never (R1-R5)', () => {
  it.each(FAILURE_KINDS.filter((kind) => STRATEGY_OF[kind] === undefined))('%s has no strategy', (kind) => {
    expect(decideRetry(failure(kind), first, patient)).toEqual({ retry: false, reason: 'not_retryable' });
  });

  it.each(FAILURE_KINDS)('%s that is not retryable', (kind) => {
    const permanent = { ...failure(kind), retryable: false };
    expect(decideRetry(permanent, first, patient)).toEqual({ retry: false, reason: 'not_retryable' });
  });
});

describe('bounds (R14)', () => {
  it.each<[what: string, kind: FailureKind, situation: Partial<RetrySituation>, expected: object]>([
    ['ends just before the deadline', 'server_error', { timeLeftMs: 2000.5 }, { retry: true, delayMs: 2000 }],
    ['would end at the deadline', 'server_error', { timeLeftMs: 2000 }, { retry: false, reason: 'deadline' }],
    [
      'jitter reaches the deadline',
      'server_error',
      { timeLeftMs: 2250, random: 0.5 },
      { retry: false, reason: 'deadline' },
    ],
    ['no time at all', 'timeout', { timeLeftMs: 0 }, { retry: false, reason: 'deadline' }],
    ['the deadline is past', 'timeout', { timeLeftMs: -1 }, { retry: false, reason: 'deadline' }],
    ['ends when the circuit lets in', 'server_error', { circuitOpenForMs: 2000 }, { retry: true, delayMs: 2000 }],
    [
      'would end at a closed door',
      'server_error',
      { circuitOpenForMs: 2001 },
      { retry: false, reason: 'circuit_open' },
    ],
    [
      'waits for the circuit where nobody else can answer',
      'server_error',
      { circuitOpenForMs: 5000, sitsOut: true, random: 0.5 },
      { retry: true, delayMs: 5250 },
    ],
    [
      'and looks again after 5 s, since people may have let go of it',
      'server_error',
      { circuitOpenForMs: 40_000, sitsOut: true, random: 0.5 },
      { retry: true, delayMs: 5250 },
    ],
    [
      'nor sooner than the failure asks for',
      'server_error',
      { retriesMade: 2, circuitOpenForMs: 40_000, sitsOut: true },
      { retry: true, delayMs: 8000 },
    ],
    [
      'but not if what it says lies past the deadline',
      'circuit_open',
      { circuitOpenForMs: 40_000, sitsOut: true, timeLeftMs: 40_000 },
      { retry: false, reason: 'circuit_open' },
    ],
    [
      'nor a short time past it',
      'server_error',
      { circuitOpenForMs: 5000, sitsOut: true, timeLeftMs: 5000 },
      { retry: false, reason: 'circuit_open' },
    ],
    [
      'refused by the circuit: the same',
      'circuit_open',
      { circuitOpenForMs: 5000, sitsOut: true },
      { retry: true, delayMs: 5000 },
    ],
    [
      'refused, and somebody else can answer',
      'circuit_open',
      { circuitOpenForMs: 5000 },
      { retry: false, reason: 'not_retryable' },
    ],
    ['exhausted before deadline', 'timeout', { retriesMade: 1, timeLeftMs: 0 }, { retry: false, reason: 'exhausted' }],
    [
      'deadline before circuit',
      'server_error',
      { timeLeftMs: 1, circuitOpenForMs: 9999 },
      { retry: false, reason: 'deadline' },
    ],
  ])('%s', (_what, kind, situation, expected) => {
    expect(decideRetry(failure(kind), { ...first, ...situation }, RETRY_DEFAULTS)).toEqual(expected);
  });
});

const anyStrategy = fc.record({
  maxRetries: fc.constant(20_000),
  baseDelayMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true })),
  maxDelayMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  jitterMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  goesOn: fc.boolean(),
});
const anyFailure = fc
  .record({
    kind: fc.constantFrom(...FAILURE_KINDS),
    hintMs: fc.option(
      fc.oneof(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
      { nil: undefined },
    ),
  })
  .map(({ kind, hintMs }) => failure(kind, hintMs));
const anySituation = fc.record({
  retriesMade: fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 10_000 })),
  timeLeftMs: fc.oneof(fc.constant(Infinity), fc.double({ min: -1e6, max: 1e9, noNaN: true })),
  circuitOpenForMs: fc.oneof(fc.constant(0), fc.nat({ max: 60_000 })),
  othersSucceed: fc.boolean(),
  sitsOut: fc.boolean(),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
const RUNS = { numRuns: 10_000, seed: 20261122 };

describe('any failure in any situation (R8-R14)', () => {
  it('waits a finite time: at least the hint, less than what is left, not before the circuit', () => {
    fc.assert(
      fc.property(anyFailure, anySituation, anyStrategy, (failed, situation, strategy) => {
        const decision = decideRetry(failed, situation, allKinds(strategy));
        if (!decision.retry) return;
        expect(Number.isFinite(decision.delayMs)).toBe(true);
        const hintMs = failed.retryAfterMs ?? 0;
        expect(decision.delayMs).toBeGreaterThanOrEqual(
          failed.kind === 'circuit_open' ? Math.min(5_000, hintMs) : hintMs,
        );
        expect(decision.delayMs).toBeLessThan(situation.timeLeftMs);
        // Who waits for the circuit looks again now and then.
        expect(decision.delayMs).toBeGreaterThanOrEqual(Math.min(5_000, situation.circuitOpenForMs));
      }),
      RUNS,
    );
  });

  it('never waits less the next time, for equal chance', () => {
    fc.assert(
      fc.property(anyFailure, anySituation, anyStrategy, (failed, situation, strategy) => {
        const free = { ...situation, timeLeftMs: Infinity, circuitOpenForMs: 0 };
        const options = allKinds(strategy);
        const now = decideRetry(failed, free, options);
        const next = decideRetry(failed, { ...free, retriesMade: free.retriesMade + 1 }, options);
        if (now.retry && next.retry) expect(next.delayMs).toBeGreaterThanOrEqual(now.delayMs);
        expect(next.retry).toBe(now.retry);
      }),
      RUNS,
    );
  });
});
