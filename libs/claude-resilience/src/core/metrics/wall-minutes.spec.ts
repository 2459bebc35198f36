import { describe, expect, it } from '@jest/globals';
import { WallMinutes } from './wall-minutes.js';

describe('WallMinutes (R38)', () => {
  it.each<[what: string, atMinutes: readonly number[], told: readonly number[]]>([
    ['goes on', [100, 100.99, 101, 102.5], [100, 100, 101, 102]],
    ['stands still', [100.5, 100.5, 100.5], [100, 100, 100]],
    ['jumps ahead', [100, 5_000], [100, 5_000]],
    ['goes back a little: the minute waits', [100, 99, 95, 98, 100, 101], [100, 100, 100, 100, 100, 101]],
    ['goes back further: it was wrong before', [100, 94, 95, 96], [100, 94, 95, 96]],
    ['was a year ahead', [525_600, 100, 101], [525_600, 100, 101]],
    ['is before the epoch', [-2.5, -1], [-3, -1]],
  ])('a clock that %s', (_what, atMinutes, told) => {
    const minutes = new WallMinutes();
    expect(atMinutes.map((minute) => minutes.at(minute * 60_000))).toEqual(told);
  });
});
