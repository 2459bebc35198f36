import { describe, expect, it } from '@jest/globals';
import { DurationSketch } from './duration-sketch.js';

function sketchOf(...durations: readonly number[]): DurationSketch {
  const sketch = new DurationSketch();
  for (const duration of durations) sketch.add(duration);
  return sketch;
}

describe('DurationSketch', () => {
  it('knows nothing of nothing', () => {
    expect(DurationSketch.quantile([sketchOf()], 0.95)).toBeUndefined();
  });

  it.each([0.5, 0.9, 0.95, 0.99, 1])('quantile %d is never too short, and at most a tenth too long', (share) => {
    let seed = 7;
    const durations = Array.from({ length: 999 }, () => 50 + ((seed = (seed * 48_271) % 2_147_483_647) % 600_000));
    const exact = [...durations].sort((a, b) => a - b)[Math.ceil(share * 999) - 1]!;
    const found = DurationSketch.quantile([sketchOf(...durations.slice(0, 500)), sketchOf(...durations.slice(500))], share)!; // oxfmt-ignore
    expect(found).toBeGreaterThanOrEqual(exact * 0.9999);
    expect(found).toBeLessThanOrEqual(exact * 1.1001);
  });

  it('takes whatever comes', () => {
    const sketch = sketchOf(-1, 0, NaN, Infinity, 1e12);
    for (let i = 0; i < 70_000; i++) sketch.add(1);
    expect(sketch.total).toBeLessThanOrEqual(65_535 * 2);
    expect(DurationSketch.quantile([sketch], 0.5)).toBe(50);
  });
});
