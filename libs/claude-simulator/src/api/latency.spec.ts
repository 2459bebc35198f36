import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../random/seeded-random.js';
import { drawLatencyMs } from './latency.js';

describe('drawLatencyMs', () => {
  it('is the number given', () => {
    expect(drawLatencyMs(40, () => 0.5)).toBe(40);
  });

  it('is spread log-normally around the median', () => {
    const random = seededRandom(1, 'latency');
    const drawn = Array.from({ length: 5_001 }, () => drawLatencyMs({ medianMs: 1_000, sigma: 0.5 }, random)).sort(
      (a, b) => a - b,
    );
    const quantile = (q: number): number => drawn[Math.floor(q * (drawn.length - 1))]!;
    expect(quantile(0.5) / 1_000).toBeCloseTo(1, 1);
    // One standard deviation up and down: e^0.5 and e^-0.5.
    expect(quantile(0.8413) / 1_000).toBeCloseTo(1.65, 1);
    expect(quantile(0.1587) / 1_000).toBeCloseTo(0.61, 1);
  });

  it('is the median itself without spread, for any chance', () => {
    expect([0, 0.3, 0.999].map((chance) => drawLatencyMs({ medianMs: 200, sigma: 0 }, () => chance))).toEqual([
      200, 200, 200,
    ]);
  });
});
