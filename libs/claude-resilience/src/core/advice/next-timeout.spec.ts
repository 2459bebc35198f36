import { describe, expect, it } from '@jest/globals';
import { FeatureFigures, HOUR_MS, SLOT_MS } from './feature-figures.js';
import { nextTimeout, type AdaptedTimeout } from './next-timeout.js';
import type { RequestKind } from './request-kind.js';
import { kindIn, type TimeoutRule } from './slot-counts.js';

const BOUNDS = { configuredMs: 60_000, maxMs: 200_000 };
const at = (timeoutMs: number, sinceMs = 0): AdaptedTimeout => ({ timeoutMs, sinceMs });

interface Told {
  readonly kind?: RequestKind;
  readonly rule?: TimeoutRule;
  readonly timeouts?: number;
  readonly limitMs?: number;
  readonly served?: number;
  readonly durationMs?: number;
}

/** An hour of slots, from a moment on. */
function hour(figures: FeatureFigures, fromMs: number, told: Told = {}): void {
  const { kind = 'whole', rule = 'headers_timeout', timeouts = 1, limitMs = 60_000, served = 9, durationMs = 50_000 } = told; // oxfmt-ignore
  for (let ms = fromMs; ms < fromMs + HOUR_MS; ms += SLOT_MS) {
    const counts = kindIn(figures.slots.at(ms), kind);
    counts.attempts += timeouts + served;
    counts.answered += served;
    if (timeouts > 0) counts.limits.set(rule, { timeouts, longestMs: limitMs });
    if (kind !== 'stream') for (let i = 0; i < served; i++) counts.served.add(durationMs);
  }
}

describe('one step longer while timeouts recur (R13)', () => {
  // oxfmt-ignore
  it.each<[what: string, before: AdaptedTimeout | undefined, told: Told, maxMs: number, timeoutMs: number | undefined]>([
    ['slow answers',                         undefined,  {},                                            200_000, 90_000],
    ['and still',                            at(90_000), { limitMs: 90_000 },                           200_000, 135_000],
    ['never above the most that is allowed', at(90_000), { limitMs: 90_000 },                           100_000, 100_000],
    ['and not beyond it',                    at(100_000), { limitMs: 100_000 },                         100_000, 100_000],
    ['allowed no more than it has',          undefined,  {},                                            60_000,  undefined],
    ['under a limit that was set for it',    undefined,  { limitMs: 20_000 },                           200_000, undefined],
    ['under what calls began with before',   at(90_000), { limitMs: 60_000 },                           200_000, 90_000],
    ['hangs',                                undefined,  { durationMs: 2_000 },                         200_000, undefined],
    ['nothing is answered',                  undefined,  { served: 0, timeouts: 9 },                    200_000, undefined],
    ['hardly any timeouts',                  undefined,  { served: 50 },                                200_000, undefined],
    ['a silence is another limit',           undefined,  { rule: 'stream_silent' },                     200_000, undefined],
    ['another kind',                         undefined,  { kind: 'function', rule: 'attempt_timeout' }, 200_000, undefined],
  ])('%s', (_what, before, told, maxMs, timeoutMs) => {
    const figures = new FeatureFigures();
    hour(figures, SLOT_MS, told);
    expect(nextTimeout(before, 'whole', figures, { ...BOUNDS, maxMs }, HOUR_MS)?.timeoutMs).toBe(timeoutMs);
  });

  it.each<[RequestKind, TimeoutRule]>([
    ['whole', 'body_stalled'],
    ['stream', 'stream_never_began'],
    ['function', 'attempt_timeout'],
  ])('%s: %s', (kind, rule) => {
    const figures = new FeatureFigures();
    hour(figures, 0, { kind, rule });
    expect(nextTimeout(undefined, kind, figures, BOUNDS, HOUR_MS)).toEqual(at(90_000, HOUR_MS));
  });

  it('what was seen before the last step does not make another', () => {
    const figures = new FeatureFigures();
    hour(figures, 0, { limitMs: 90_000 });
    expect(nextTimeout(at(90_000, HOUR_MS), 'whole', figures, BOUNDS, HOUR_MS + 1)).toEqual(at(90_000, HOUR_MS));
  });
});

describe('back, when timeouts stop', () => {
  // oxfmt-ignore
  it.each<[what: string, before: AdaptedTimeout, told: Told, afterHours: number, timeoutMs: number | undefined]>([
    ['quiet, and the answers fit',       at(90_000),  { timeouts: 0, durationMs: 45_000 },                     6, undefined],
    ['one step at a time',               at(135_000), { timeouts: 0, durationMs: 45_000 },                     6, 90_000],
    ['from the most that is allowed',    at(200_000), { timeouts: 0, durationMs: 45_000 },                     6, 135_000],
    ['not quiet for long enough',        at(90_000),  { timeouts: 0, durationMs: 45_000 },                     5.9, 90_000],
    ['they would time out again',        at(90_000),  { timeouts: 0, durationMs: 58_000 },                     6, 90_000],
    ['a timeout now and then',           at(90_000),  { timeouts: 1, served: 90, durationMs: 45_000 },         6, 90_000],
    ['no calls at all',                  at(90_000),  { timeouts: 0, served: 0 },                              6, undefined],
  ])('%s', (_what, before, told, afterHours, timeoutMs) => {
    const figures = new FeatureFigures();
    for (let i = 0; i < 6; i++) hour(figures, i * HOUR_MS + SLOT_MS, told);
    expect(nextTimeout(before, 'whole', figures, BOUNDS, afterHours * HOUR_MS)?.timeoutMs).toBe(timeoutMs);
  });
});

it('never below the configured one, never above the most, whatever happens', () => {
  let seed = 5;
  const dice = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const figures = new FeatureFigures();
  let adapted: AdaptedTimeout | undefined;
  const seen = new Set<number>();
  for (let nowMs = 0; nowMs < 3_000 * HOUR_MS; nowMs += HOUR_MS) {
    const limitMs = adapted?.timeoutMs ?? 60_000;
    // Good times and bad ones, of a day or two.
    const isBad = Math.floor(nowMs / (40 * HOUR_MS)) % 2 === 0;
    hour(figures, nowMs, { timeouts: isBad ? dice(3) : 0, limitMs, durationMs: (isBad ? 0.9 : 0.5) * 60_000 });
    adapted = nextTimeout(adapted, 'whole', figures, BOUNDS, nowMs + HOUR_MS - 1);
    if (adapted === undefined) continue;
    expect(adapted.timeoutMs).toBeGreaterThan(60_000);
    expect(adapted.timeoutMs).toBeLessThanOrEqual(200_000);
    seen.add(adapted.timeoutMs);
  }
  expect([...seen].sort((a, b) => a - b)).toEqual([90_000, 135_000, 200_000]);
});
