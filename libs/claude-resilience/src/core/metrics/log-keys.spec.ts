import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LogKeys } from './log-keys.js';
import { KEYS_PER_LN } from './log-sketch.js';

/** The double next to one, on either side. */
function next(value: number, by: 1n | -1n): number {
  const bits = new BigInt64Array(1);
  new Float64Array(bits.buffer)[0] = value;
  bits[0] = (bits[0] ?? 0n) + by;
  return new Float64Array(bits.buffer)[0] ?? NaN;
}

// There is no bucket -0.
const keyOf = (value: number) => Math.ceil(Math.log(value) * KEYS_PER_LN) + 0;

it('knows the bucket of every value as its logarithm would say, again and again (R31)', () => {
  const keys = new LogKeys();
  const values = fc.oneof(
    fc.double({ min: 1e-9, max: 1e15, noNaN: true }),
    fc.double({ min: 1e-4, max: 1e7, noNaN: true }),
    fc.integer({ min: 1, max: 10_000_000 }),
  );
  fc.assert(
    fc.property(values, (value) => {
      expect([keys.keyOf(value), keys.keyOf(value)]).toEqual([keyOf(value), keyOf(value)]);
    }),
    { numRuns: 5_000 },
  );
});

it('also at the ends of buckets, and of the steps that it looks at', () => {
  const keys = new LogKeys();
  const ends = Array.from({ length: 1_500 }, (_, n) => Math.exp((n - 600) / KEYS_PER_LN));
  const steps = Array.from({ length: 40 * 256 }, (_, n) => 2 ** (Math.floor(n / 256) - 14) * (1 + (n % 256) / 256));
  for (const value of [...ends, ...steps]) {
    for (const near of [next(value, -1n), value, next(value, 1n)]) {
      if (keys.keyOf(near) !== keyOf(near)) throw new Error(`Another bucket: ${near}`);
    }
  }
});

it.each([1, 2, 24, 2_047, 2_048, 2_049, 200_000, 1.5])('knows ln(%d), again and again', (value) => {
  const keys = new LogKeys();
  expect([keys.lnOf(value), keys.lnOf(value), keys.lnOf(value)]).toEqual(Array(3).fill(Math.log(value)));
});
