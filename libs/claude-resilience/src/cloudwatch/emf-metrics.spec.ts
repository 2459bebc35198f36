import { describe, expect, it } from '@jest/globals';
import { SeriesCounts } from '../core/metrics/series-counts.js';
import { EMF_METRIC_NAMES, emfMetricsOf } from './emf-metrics.js';

const durationsOf = (values: readonly number[]) => {
  const counts = SeriesCounts.empty();
  for (const value of values) counts.servedMs.add(value);
  const found = emfMetricsOf(counts).find(({ name }) => name === 'RequestDuration')?.value;
  return found as readonly number[] | undefined;
};

describe('times of a minute (R35)', () => {
  it.each([
    ['none', []],
    ['one', [120]],
    ['two', [120, 480]],
    ['a hundred', Array.from({ length: 100 }, (_, at) => 10 + at)],
  ])('%s: each is there, within 1 %%, the ends exactly', (_, values) => {
    const found = durationsOf(values);
    if (values.length === 0) return expect(found).toBeUndefined();
    expect(found).toHaveLength(values.length);
    for (const [at, value] of values.entries()) expect(Math.abs((found?.[at] ?? 0) / value - 1)).toBeLessThan(0.02);
    expect([found?.[0], found?.at(-1)]).toEqual([values[0], values.at(-1)]);
  });

  it('of thousands, 100 stand for them: least, greatest, median and 95th percentile are right', () => {
    const found = durationsOf(Array.from({ length: 5_000 }, (_, at) => at + 1)) ?? [];
    expect(found).toHaveLength(100);
    expect([found[0], found[99]]).toEqual([1, 5_000]);
    for (const [share, truth] of [
      [0.5, 2_500],
      [0.95, 4_750],
    ] as const) {
      expect(Math.abs((found[Math.ceil(share * 100) - 1] ?? 0) / truth - 1)).toBeLessThan(0.03);
    }
  });
});

it('every name that is written is among those that the guide lists (R35)', () => {
  const full = SeriesCounts.fromJSON({
    errors: { overloaded: 1, timeout: 1, internal: 1 },
    servedMs: { count: 1, sum: 1, min: 1, max: 1, zeros: 0, buckets: [1, 1] },
    failedMs: { count: 1, sum: 1, min: 1, max: 1, zeros: 0, buckets: [1, 1] },
    firstTokenMs: { count: 1, sum: 1, min: 1, max: 1, zeros: 0, buckets: [1, 1] },
  });
  const names = emfMetricsOf(full).map(({ name }) => name);
  expect(names.filter((name) => !EMF_METRIC_NAMES.includes(name))).toEqual([]);
  expect(names).toHaveLength(22);
  expect(EMF_METRIC_NAMES.length).toBeLessThanOrEqual(100);
});
