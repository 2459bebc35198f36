import { describe, expect, it } from '@jest/globals';
import { pollAfterMs, redoAfterMs } from './batch-pace.js';

describe('the pace of batches', () => {
  it.each([
    [0, 5_000],
    [1, 10_000],
    [2, 20_000],
    [3, 40_000],
    [4, 60_000],
    [5_000, 60_000],
  ])('after %i looks waits %i ms for the next', (polls, expected) => expect(pollAfterMs(polls, 60_000)).toBe(expected));

  it.each([
    [1, 0, 5_000],
    [2, 0, 10_000],
    [8, 0, 600_000],
    [5_000, 0, 600_000],
    [1, 30_000, 30_000],
    [3, 1, 20_000],
  ])('after %i failures, asked to wait %i, tries again in %i ms', (failures, asked, expected) =>
    expect(redoAfterMs(failures, asked)).toBe(expected),
  );
});
