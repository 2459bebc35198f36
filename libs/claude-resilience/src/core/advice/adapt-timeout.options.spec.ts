import { describe, expect, it } from '@jest/globals';
import { readAdaptTimeoutOptions } from './adapt-timeout.options.js';

describe('readAdaptTimeoutOptions', () => {
  it.each<[given: unknown, expected: unknown, issues: number]>([
    [undefined, undefined, 0],
    [false, undefined, 0],
    [{ maxMs: 60_000 }, { maxMs: 60_000 }, 0],
    [{ maxMs: 120_000 }, { maxMs: 120_000 }, 0],
    [{ maxMs: 59_999 }, { maxMs: 60_000 }, 1],
    [{}, { maxMs: 60_000 }, 1],
    [true, { maxMs: 60_000 }, 2],
    [{ maxMs: 90_000, most: 1 }, { maxMs: 90_000 }, 1],
  ])('%j', (given, expected, count) => {
    const issues: string[] = [];
    expect(readAdaptTimeoutOptions('features.chat.adaptTimeout', given, 60_000, issues)).toEqual(expected);
    expect(issues).toHaveLength(count);
    for (const issue of issues) expect(issue).toMatch(/^features\.chat\.adaptTimeout/);
  });
});
