import { describe, expect, it } from '@jest/globals';
import { PACING_DEFAULTS } from './pacing.options.js';
import { Recovery } from './recovery.js';

const USUAL_PER_MS = 0.05;
/** One success at the usual rate, then what is given, `everyMs` apart. */
function after(results: string, everyMs: number, options = {}): Recovery {
  const recovery = new Recovery({ ...PACING_DEFAULTS, rampStartRatio: 0.2, ...options });
  recovery.ended(true, 0, 0, USUAL_PER_MS, 0.1);
  [...results].forEach((result, n) => recovery.ended(result === '+', n * everyMs, n * everyMs, USUAL_PER_MS, 0.1));
  return recovery;
}

/** Chance that is the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    let t = (state += 0x6d2b79f5);
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('Recovery', () => {
  it.each<[results: string, everyMs: number, perMs: number | undefined]>([
    ['-'.repeat(29), 200, undefined],
    ['-'.repeat(30), 110, 0.01],
    ['-'.repeat(30), 100, undefined],
    ['-'.repeat(290), 10, undefined],
    [`${'-'.repeat(29)}+${'-'.repeat(29)}`, 110, undefined],
    ['-----', 2_500, 0.01],
    ['-----', 2_400, undefined],
    ['----', 60_000, undefined],
  ])('%s, one each %i ms: %s/ms', (results, everyMs, perMs) => {
    const { perMs: rate } = after(results, everyMs);
    if (perMs === undefined) expect(rate).toBeUndefined();
    else expect(rate).toBeCloseTo(perMs, 3);
  });

  it.each([2, 5, 8, 20, 50, 200])(
    'a storm that lets 30 %% through is none: ten minutes at %i requests a second',
    (perSecond) => {
      const random = seeded(20261123);
      const storm = Array.from({ length: 600 * perSecond }, () => (random() < 0.3 ? '+' : '-')).join('');
      const recovery = new Recovery(PACING_DEFAULTS);
      [...storm].forEach((result, n) => {
        const nowMs = (n * 1000) / perSecond;
        recovery.ended(result === '+', nowMs, nowMs, perSecond / 1000, 0.1);
        expect(recovery.perMs).toBeUndefined();
      });
    },
  );

  it('can be switched off', () => {
    expect(after('-'.repeat(50), 100, { rampStartRatio: 1 }).perMs).toBeUndefined();
  });

  it('somebody else can tell that an outage is over', () => {
    const recovery = after('', 0);
    recovery.outageOver(0, 0.1);
    expect(recovery.perMs).toBeCloseTo(0.01);
  });

  it('the first success after a long run brings the start rate back', () => {
    const recovery = after('-'.repeat(60), 60);
    expect(recovery.perMs).toBeCloseTo(0.005, 3);
    recovery.ended(true, 3_700, 3_800, 0, 0.1);
    expect(recovery.perMs).toBeCloseTo(0.01, 3);
  });

  it('too fast a growth: half of what was usual, and up by a quarter in five seconds', () => {
    const recovery = after('', 0);
    recovery.grewTooFast(0, 0.1);
    expect(recovery.perMs).toBeCloseTo(0.025);
    for (let nowMs = 0; nowMs <= 5_000; nowMs += 100) recovery.ended(true, nowMs, nowMs, 0, 0.1);
    expect(recovery.perMs).toBeCloseTo(0.03125);
  });

  it('ends at the limit', () => {
    const recovery = after('-'.repeat(30), 110);
    for (let nowMs = 3_200; nowMs <= 4_500; nowMs += 5) recovery.ended(true, nowMs, nowMs, 0, 0.1);
    expect([recovery.perMs, recovery.nextAtMs(4_500)]).toEqual([undefined, 4_500]);
  });
});
