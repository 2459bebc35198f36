import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DrainPace } from './drain-pace.js';

const after = (...ends: readonly (readonly [startedAtMs: number, endedAtMs: number])[]) => {
  const pace = new DrainPace(4);
  for (const [startedAtMs, endedAtMs] of ends) pace.ended(endedAtMs, startedAtMs);
  return pace.betweenEndsMs;
};

describe('how many deferred requests are worked on at a time', () => {
  it.each([
    ['', 1],
    ['s', 2],
    ['sss', 4],
    ['sssssssss', 4],
    ['sssf', 2],
    ['sssff', 1],
    ['sssfff', 1],
    ['ssf', 1],
    ['sssfs', 3],
  ])('after %j it is %i', (ends, allowed) => {
    const pace = new DrainPace(4);
    for (const end of ends) if (end === 's') pace.succeeded();
      else pace.failed(); // oxfmt-ignore
    expect(pace.allowed).toBe(allowed);
  });

  it('is 1 to the most, a whole number, whatever happens', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.array(fc.boolean(), { maxLength: 300 }), (most, ends) => {
        const pace = new DrainPace(most);
        for (const isGood of ends) {
          if (isGood) pace.succeeded();
          else pace.failed();
          expect(pace.allowed).toBeGreaterThanOrEqual(1);
          expect(pace.allowed).toBeLessThanOrEqual(most);
          expect(Number.isInteger(pace.allowed)).toBe(true);
        }
      }),
      { seed: 20261123 },
    );
  });
});

describe('how long it is between two ends', () => {
  it.each([
    ['nobody knows before the first', [], undefined],
    ['as long as the first took', [[100, 400]], 300],
    ['as long as each takes, one after the other', [[0, 300], [300, 600], [600, 900]], 300],
    ['less, side by side', [[0, 300], [0, 300]], 240],
    ['a fifth is the newest', [[0, 100], [100, 300]], 120],
    ['an hour without anything to do is not counted', [[0, 300], [3_600_000, 3_600_300]], 300],
  ] as const)('%s', (_what, ends, betweenMs) => {
    expect(after(...ends)).toBe(betweenMs);
  }); // oxfmt-ignore
});
