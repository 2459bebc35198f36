import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBucket } from './token-bucket.js';

describe('TokenBucket', () => {
  it('is full at the start and refills continuously', () => {
    const bucket = new TokenBucket(60, 60, 0);
    bucket.take(60, 0);
    expect(bucket.remaining(0)).toBe(0);
    expect(bucket.remaining(999)).toBe(0);
    expect(bucket.remaining(1_000)).toBe(1);
    expect(bucket.remaining(30_000)).toBe(30);
    expect(bucket.remaining(600_000)).toBe(60);
  });

  it('holds no more than a burst', () => {
    const bucket = new TokenBucket(60, 5, 0);
    expect(bucket.remaining(3_600_000)).toBe(5);
  });

  it.each([
    { taken: 0, units: 1, waitMs: 0, fullAtMs: 0 },
    { taken: 10, units: 1, waitMs: 6_000, fullAtMs: 60_000 },
    { taken: 10, units: 10, waitMs: 60_000, fullAtMs: 60_000 },
    // In debt by 5: half a minute more.
    { taken: 15, units: 1, waitMs: 36_000, fullAtMs: 90_000 },
    // Can never be held: wait until it is full.
    { taken: 4, units: 99, waitMs: 24_000, fullAtMs: 24_000 },
  ])(
    '10 a minute, $taken taken: $units more in $waitMs ms, full at $fullAtMs',
    ({ taken, units, waitMs, fullAtMs }) => {
      const bucket = new TokenBucket(10, 10, 0);
      bucket.take(taken, 0);
      expect(bucket.waitMs(units, 0)).toBe(waitMs);
      expect(bucket.fullAtMs(0)).toBe(fullAtMs);
    },
  );

  it('holds exactly after waitMs, and not one millisecond sooner', () => {
    const amount = fc.integer({ min: 1, max: 5_000_000 });
    fc.assert(
      fc.property(amount, amount, amount, fc.nat(10_000_000), (perMinute, capacity, asked, taken) => {
        const units = Math.min(asked, capacity);
        const bucket = new TokenBucket(perMinute, capacity, 0);
        bucket.take(taken, 0);
        const waitMs = bucket.waitMs(units, 0);
        expect(bucket.holds(units, waitMs)).toBe(true);
        if (waitMs > 0) expect(bucket.holds(units, waitMs - 1)).toBe(false);
      }),
    );
  });

  it('takes no notice of a clock that goes back', () => {
    const bucket = new TokenBucket(60, 60, 10_000);
    bucket.take(10, 10_000);
    expect(bucket.remaining(5_000)).toBe(50);
    bucket.take(1, 5_000);
    expect(bucket.remaining(11_000)).toBe(50);
  });
});
