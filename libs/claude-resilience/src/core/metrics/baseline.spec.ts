import { describe, expect, it } from '@jest/globals';
import {
  baselineOf,
  BASELINE_RULES,
  countAbove,
  robustZ,
  timesUsual,
  usablePoints,
  type Baseline,
  type BaselinePoint,
} from './baseline.js';
import { LogSketch } from './log-sketch.js';
import { oddnessOf, spreadOf, TOKEN_RULES, tokenShiftOf, usualSpendOf } from './token-baseline.js';

const SLOT_MS = 300_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = 10 * DAY_MS;

/** A slot so many before now; 1 is the last that is over. */
const point = (ago: number, value = 100, over: Partial<BaselinePoint> = {}): BaselinePoint => ({
  startMs: NOW_MS - ago * SLOT_MS,
  value,
  samples: 50,
  isUnwell: false,
  ...over,
});
const points = (from: number, to: number, value = 100, over: Partial<BaselinePoint> = {}) =>
  Array.from({ length: from - to + 1 }, (_none, at) => point(from - at, value, over));
const learn = (...given: readonly BaselinePoint[][]) => baselineOf(given.flat(), NOW_MS);
const ready = (slots: number, median: number, mad = 0): Baseline => ({ state: 'ready', slots, median, mad });
const learning = (slots: number): Baseline => ({ state: 'learning', slots, slotsNeeded: 60 });

describe('baselineOf (R31)', () => {
  const WEEK = 2_016;
  const DAY = 288;
  const BAD = { isUnwell: true };

  it.each<[string, BaselinePoint[][], Baseline]>([
    ['nothing', [], learning(0)],
    ['59 slots', [points(59, 1)], learning(59)],
    ['60 slots', [points(60, 1)], ready(60, 100)],
    ['slots of 49 calls', [points(100, 1, 100, { samples: 49 })], learning(0)],
    ['slots of 7 days, and none before', [points(WEEK + 100, WEEK + 1, 900), points(WEEK, 1)], ready(WEEK, 100)],
    ['slots that a wrong clock wrote for tomorrow', [points(60, 1), points(-10, -300, 900)], ready(60, 100)],
    ['the middle of an odd number', [points(61, 31, 200), points(30, 1, 300)], ready(61, 200)],
    ['a slot that has just begun: not yet', [points(60, 1), points(0, 0, 900)], ready(60, 100)],
    ['the middle of two halves', [points(60, 31, 100), points(30, 1, 200)], ready(60, 150, 50)],
    ['an hour that was bad: as if it had not been', [points(200, 13), points(12, 1, 900, BAD)], ready(188, 100)],
    ['nothing but bad slots', [points(200, 1, 900, BAD)], learning(0)],
    ['bad for a day, to the slot', [points(500, DAY + 1), points(DAY, 1, 900, BAD)], ready(500 - DAY, 100)],
    ['bad for longer: that is what is usual then', [points(DAY + 120, 1, 900, BAD)], ready(120, 900)],
    [
      'a day of it with pauses in which nobody called',
      [points(DAY + 120, DAY + 100, 900, BAD), points(DAY - 20, 1, 900, BAD)],
      ready(120, 900),
    ],
    [
      'bad again after one good slot: the day begins anew',
      [points(DAY + 50, 61, 900, BAD), points(60, 60), points(59, 1, 900, BAD)],
      learning(1),
    ],
    [
      'bad again after a slot of few calls: it does not',
      [points(DAY + 120, 61, 900, BAD), points(60, 60, 100, { samples: 3 }), points(59, 1, 900, BAD)],
      ready(60 + 59, 900),
    ],
  ])('learns from %s', (_what, given, expected) => {
    expect(learn(...given)).toEqual(expected);
  });

  it('is moved neither by an outage of 14 hours that nobody marked nor by single wild slots', () => {
    const learnt = learn(points(WEEK, 169), points(168, 1, 500));
    expect(learnt).toEqual(ready(WEEK, 100));
    expect(learn(points(WEEK, 2), points(1, 1, 1e12))).toEqual(ready(WEEK, 100));
  });

  it('leaves the points as they are', () => {
    const given = Object.freeze(points(60, 1, 100).map((one) => Object.freeze(one)));
    expect(usablePoints(given, NOW_MS, BASELINE_RULES)).toEqual(given);
  });

  it.each<[number, Baseline, number | undefined]>([
    [200, ready(60, 100), 2],
    [200, learning(59), undefined],
    [200, ready(60, 0), undefined],
  ])('%d is so many times the usual', (value, baseline, times) => {
    expect(timesUsual(value, baseline)).toBe(times);
  });

  it.each<[number, Baseline, number | undefined]>([
    [12, ready(60, 10, 1), 2 / 1.4826],
    [8, ready(60, 10, 1), -2 / 1.4826],
    [12, ready(60, 10, 0), 4],
    [12, learning(3), undefined],
  ])('%d is so many deviations off', (value, baseline, z) => {
    expect(robustZ(value, baseline, 0.5)).toEqual(z === undefined ? undefined : expect.closeTo(z, 9));
  });
});

const baselineAt = (tokens: number, spread: number) =>
  baselineOf(
    points(100, 1, 0, { samples: 20 }).map((one, at) => ({
      ...one,
      value: Math.log(tokens) + (at % 2 === 0 ? spread : -spread),
    })),
    NOW_MS,
    TOKEN_RULES,
  );

describe('countAbove (R31)', () => {
  it('counts what is above so many times the usual, once that is known', () => {
    const sketch = new LogSketch();
    for (const value of [100, 150, 210, 250, 1_000]) sketch.add(value);
    expect(countAbove(sketch, 2, ready(60, 100))).toBe(3);
    expect(countAbove(sketch, 20, ready(60, 100))).toBe(0);
    expect(countAbove(sketch, 2, learning(3))).toBeUndefined();
  });
});

describe('tokens (R33)', () => {
  it.each<[string, number, { typical: number; usual?: number; robustZ?: number }]>([
    ['as usual', 1_000, { typical: 1_000, usual: 1_000, robustZ: 0 }],
    ['twice the usual', 2_000, { typical: 2_000, usual: 1_000, robustZ: Math.log(2) / (1.4826 * 0.1) }],
    ['half the usual', 500, { typical: 500, usual: 1_000, robustZ: -Math.log(2) / (1.4826 * 0.1) }],
  ])('%s', (_what, tokens, { typical, usual, robustZ: z }) => {
    const shift = tokenShiftOf({ lnTokens: 30 * Math.log(tokens), samples: 30 }, baselineAt(1_000, 0.1));
    expect(shift?.samples).toBe(30);
    for (const [told, wanted] of [
      [shift?.typical, typical],
      [shift?.usual, usual],
      [shift?.robustZ, z],
    ])
      expect(told).toBeCloseTo(wanted!, 6);
  });

  it.each([
    { sigma: 0.5, calls: 20, found: 1 },
    { sigma: 1, calls: 20, found: 0.2 },
    { sigma: 1.5, calls: 20, found: 0.02 },
    { sigma: 0.5, calls: 100, found: 1 },
    { sigma: 1, calls: 100, found: 0.97 },
    { sigma: 1.5, calls: 100, found: 0.6 },
  ])(
    'of $calls calls that spread by $sigma: no false alarm in a month, and twice the usual is found',
    ({ sigma, calls, found }) => {
      let state = 11;
      const uniform = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
      const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
      // The mean of so many normal deviates is one, and narrower.
      const meanOf = (typical: number) => Math.log(typical) + (sigma / Math.sqrt(calls)) * normal();
      const week = points(2_016, 1, 0, { samples: calls }).map((one) => ({ ...one, value: meanOf(1_000) }));
      const baseline = baselineOf(week, NOW_MS, TOKEN_RULES);
      const isSpike = (typical: number) => {
        const shift = tokenShiftOf({ lnTokens: calls * meanOf(typical), samples: calls }, baseline);
        return (shift?.robustZ ?? 0) > 4 && (shift?.typical ?? 0) > 1.5 * (shift?.usual ?? Infinity);
      };
      const spikes = (windows: number, typical: number) =>
        Array.from({ length: windows }, () => isSpike(typical)).filter(Boolean).length;
      expect(spikes(8_640, 1_000)).toBeLessThanOrEqual(1);
      expect(spikes(1_000, 2_000)).toBeGreaterThanOrEqual(found * 1_000 * 0.98);
    },
  );

  it('says what is typical, and no more, while it learns; and nothing of nothing', () => {
    expect(tokenShiftOf({ lnTokens: 0, samples: 2 }, { state: 'learning', slots: 1, slotsNeeded: 60 })).toEqual({
      typical: 1,
      samples: 2,
    });
    expect(tokenShiftOf({ lnTokens: 0, samples: 0 }, baselineAt(1, 1))).toBeUndefined();
  });

  it('what is always the same does not make a small change large', () => {
    const shift = tokenShiftOf({ lnTokens: 30 * Math.log(1_050), samples: 30 }, baselineAt(1_000, 0));
    expect(shift?.robustZ).toBeLessThan(4);
  });

  it('one call is odd only if it is, whatever the spread', () => {
    const sketch = new LogSketch();
    for (let at = 0; at < 59; at++) sketch.add(1_000);
    expect(spreadOf(sketch)).toBeUndefined();
    for (let at = 0; at < 1_000; at++) sketch.add(1_000 * Math.exp(Math.sin(at) * 1.5));
    const spread = spreadOf(sketch)!;
    for (const usual of [400, 1_000, 5_000]) expect(oddnessOf(usual, spread)).toBeLessThan(5);
    expect(oddnessOf(1e7, spread)).toBeGreaterThan(5);
  });
});

describe('usualSpendOf (R34)', () => {
  it('is what 99 of 100 slots cost at most', () => {
    const costs = points(200, 1).map((one, at) => ({ ...one, samples: 1, value: at < 198 ? 0.5 + at / 1_000 : 40 }));
    expect(usualSpendOf(costs, NOW_MS)).toBe(0.5 + 197 / 1_000);
  });

  it('is not known from less than 60 slots, nor from bad ones', () => {
    expect(usualSpendOf(points(59, 1), NOW_MS)).toBeUndefined();
    expect(usualSpendOf(points(200, 1, 5, { isUnwell: true }), NOW_MS)).toBeUndefined();
  });
});
