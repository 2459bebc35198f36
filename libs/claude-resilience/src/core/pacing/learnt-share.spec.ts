import { describe, expect, it } from '@jest/globals';
import { LearntShare } from './learnt-share.js';

describe('LearntShare', () => {
  it('is all of it at first, and stays so', () => {
    const share = new LearntShare();
    share.grow(true, 1_000);
    expect(share.value).toBe(1);
  });

  it('shrinks once for what was sent together', () => {
    const share = new LearntShare();
    share.shrink(1, 10);
    share.shrink(2, 11);
    share.shrink(10, 12);
    expect(share.value).toBeCloseTo(0.8);
    share.shrink(11, 13);
    expect(share.value).toBeCloseTo(0.64);
  });

  it('never to nothing', () => {
    const share = new LearntShare();
    for (let n = 0; n < 100; n++) share.shrink(n, n);
    expect(share.value).toBe(0.05);
  });

  it.each([
    [false, 30_000, 0.9],
    [false, 600_000, 1],
    [true, 1_000, 0.9],
    [true, 3_000, 1],
  ])('grows; plenty left %s, after %i ms: %d', (plentyIsLeft, afterMs, value) => {
    const share = new LearntShare();
    share.shrink(0, 100);
    share.grow(plentyIsLeft, 100 + afterMs / 2);
    share.grow(plentyIsLeft, 100 + afterMs);
    expect(share.value).toBeCloseTo(value);
  });
});
