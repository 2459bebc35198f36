import { describe, expect, it } from '@jest/globals';
import { LogSketch } from './log-sketch.js';

/** Uniform numbers in (0, 1), the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4_294_967_296;
  };
}

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
const lognormal = (random: () => number) => 2_000 * Math.exp(0.9 * normal(random));
const bimodal = (random: () => number) => (random() < 0.8 ? 300 : 45_000) * Math.exp(0.1 * normal(random));
const pareto = (random: () => number) => 500 / random() ** (1 / 1.2);
const constant = () => 1_234.5;

const SHARES = [0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.79, 0.81, 0.9, 0.95, 0.99, 0.999, 1];
const exact = (sorted: readonly number[], share: number) =>
  sorted[Math.max(1, Math.ceil(share * sorted.length - 1e-9)) - 1] ?? NaN;
const sketchOf = (values: Iterable<number>) => {
  const sketch = new LogSketch();
  for (const value of values) sketch.add(value);
  return sketch;
};

describe('LogSketch (R31)', () => {
  const shapes = { lognormal, bimodal, pareto, constant };
  it.each(
    Object.entries(shapes).flatMap(([name, draw]) =>
      [1, 2, 20, 200, 20_000].flatMap((size) => [11, 12].map((seed) => ({ name, draw, size, seed }))),
    ),
  )('is within 1 % of every exact quantile: $name, $size values, seed $seed', ({ draw, size, seed }) => {
    const random = seeded(seed);
    const values = Array.from({ length: size }, () => draw(random));
    const sketch = sketchOf(values);
    values.sort((one, other) => one - other);
    for (const share of SHARES) {
      const truth = exact(values, share);
      expect(Math.abs((sketch.quantile(share) ?? NaN) - truth) / truth).toBeLessThanOrEqual(0.01 + 1e-12);
    }
  });

  it('of one value is that value, exactly', () => {
    expect([0, 0.5, 0.95, 1].map((share) => sketchOf([1_234.5]).quantile(share))).toEqual([
      1_234.5, 1_234.5, 1_234.5, 1_234.5,
    ]);
  });

  it.each(Object.entries(shapes))('of replicas merges into the one that heard all: %s', (_name, draw) => {
    const random = seeded(5);
    const values = Array.from({ length: 9_000 }, () => Math.ceil(draw(random)));
    const replicas = [0, 1, 2].map((place) => sketchOf(values.filter((_value, at) => at % 3 === place)));
    const merged = new LogSketch();
    for (const replica of replicas.toReversed()) merged.merge(LogSketch.fromJSON(replica.toJSON()));
    expect(merged.toJSON()).toEqual(sketchOf(values).toJSON());
  });

  it('merges with itself', () => {
    const sketch = sketchOf([0, 1, 1_000, 1e9]);
    sketch.merge(sketch);
    expect(sketch.toJSON()).toEqual(sketchOf([0, 0, 1, 1, 1_000, 1_000, 1e9, 1e9]).toJSON());
  });

  it('goes through JSON', () => {
    const random = seeded(6);
    const sketch = sketchOf(Array.from({ length: 500 }, () => bimodal(random)));
    const text = JSON.stringify(sketch);
    const read = LogSketch.fromJSON(JSON.parse(text) as never);
    expect(JSON.stringify(read)).toBe(text);
    read.add(7);
    expect([read.count, read.min]).toEqual([501, 7]);
  });

  it('when empty has no quantile, and is nothing to merge', () => {
    const empty = LogSketch.fromJSON(new LogSketch().toJSON());
    expect([empty.count, empty.min, empty.max, empty.quantile(0.5), empty.countUpTo(1)]).toEqual([
      0,
      undefined,
      undefined,
      undefined,
      0,
    ]);
    const sketch = sketchOf([3]);
    sketch.merge(empty);
    expect(sketch.toJSON()).toEqual(sketchOf([3]).toJSON());
    empty.add(5);
    expect(empty.min).toBe(5);
  });

  it.each([[Number.NaN], [Infinity], [-Infinity]])('%d changes nothing that has a meaning', (value) => {
    const sketch = sketchOf([2, value]);
    const told = value === -Infinity ? 2 : 1;
    expect([sketch.count, sketch.sum, sketch.max]).toEqual([told, 2, 2]);
  });

  it.each([[0], [-5], [1e-12]])('%d counts as 0', (value) => {
    const sketch = sketchOf([value, value, 8]);
    expect([sketch.count, sketch.sum, sketch.min, sketch.quantile(0.5), sketch.quantile(1)]).toEqual([3, 8, 0, 0, 8]);
    expect([...sketch.buckets()].map(([, count]) => count)).toEqual([2, 1]);
  });

  it('has 2 048 buckets at most; what is lowest becomes one, and the upper quantiles stay right', () => {
    const random = seeded(9);
    const values = Array.from({ length: 30_000 }, () => 10 ** (random() * 60 - 8));
    const sketch = sketchOf(values);
    expect(sketch.toJSON().buckets.length / 2).toBeLessThanOrEqual(2_048);
    expect(sketch.count).toBe(30_000);
    values.sort((one, other) => one - other);
    for (const share of [0.8, 0.9, 0.99]) {
      const truth = exact(values, share);
      expect(Math.abs((sketch.quantile(share) ?? NaN) - truth) / truth).toBeLessThanOrEqual(0.01);
    }
    const halves = [0, 1].map((place) => sketchOf(values.filter((_value, at) => at % 2 === place)));
    halves[0]!.merge(halves[1]!);
    expect(halves[0]!.toJSON().buckets).toEqual(sketch.toJSON().buckets);
  });

  it('counts what is at most so large, for histograms: cumulative, and right beyond 1 % of the bound', () => {
    const random = seeded(3);
    const values = Array.from({ length: 5_000 }, () => lognormal(random));
    const sketch = sketchOf([0, ...values]);
    let last = 0;
    for (const bound of [-1, 0, 250, 500, 1_000, 2_000, 5_000, 60_000, 1e9]) {
      const counted = sketch.countUpTo(bound);
      const upTo = (end: number) => [0, ...values].filter((value) => value <= end).length;
      expect(counted).toBeGreaterThanOrEqual(Math.max(last, upTo(bound / 1.011)));
      expect(counted).toBeLessThanOrEqual(upTo(bound * 1.011));
      last = counted;
    }
    expect(last).toBe(5_001);
  });

  const GOOD = sketchOf([1, 2, 3]).toJSON();
  it.each([
    ['has no buckets', { ...GOOD, buckets: undefined }],
    ['counts more than it holds', { ...GOOD, count: 4 }],
    ['has half a bucket', { ...GOOD, buckets: [1, 1, 2] }],
    ['holds words', { ...GOOD, buckets: ['a', 3] }],
    ['counts less than nothing', { ...GOOD, buckets: [1, 4, 1, -1] }],
    ['has no sum', { ...GOOD, sum: null }],
  ])('does not take for a sketch what %s', (_what, json) => {
    expect(() => LogSketch.fromJSON(json as never)).toThrow(TypeError);
  });
});
