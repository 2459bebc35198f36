import { describe, expect, it } from '@jest/globals';
import { forecastDay, type DaySoFar } from './forecast-day.js';

const H = 3_600_000;
const DAY = { lengthMs: 24 * H };
/** 1 USD an hour by night, 3 from 8 to 20: 48 in all. */
const BUSY = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 20 ? 3 : 1));

// oxfmt-ignore
describe('what a day will have cost (R34)', () => {
  it.each<[what: string, day: DaySoFar, usd: number | undefined]>([
    ['too early',                          { ...DAY, spentUsd: 9, elapsedMs: H - 1 },                         undefined],
    ['too early, with a day before',       { ...DAY, spentUsd: 9, elapsedMs: H - 1, dayBeforeUsd: BUSY },     undefined],
    ['as it went so far: 5 in 6 h',        { ...DAY, spentUsd: 5, elapsedMs: 6 * H },                         20],
    ['a day of 25 hours: 5 in 5 h',        { lengthMs: 25 * H, spentUsd: 5, elapsedMs: 5 * H },               25],
    ['nothing so far',                     { ...DAY, spentUsd: 0, elapsedMs: 6 * H },                         0],
    ['as the day before: 8, and 40',       { ...DAY, spentUsd: 8, elapsedMs: 8 * H, dayBeforeUsd: BUSY },     48],
    ['twice the day before: 16, and 80',   { ...DAY, spentUsd: 16, elapsedMs: 8 * H, dayBeforeUsd: BUSY },    96],
    ['in the middle of an hour: 9.5, and 38.5', { ...DAY, spentUsd: 9.5, elapsedMs: 8.5 * H, dayBeforeUsd: BUSY }, 48],
    ['ten times it counts as four: 80, and 160', { ...DAY, spentUsd: 80, elapsedMs: 8 * H, dayBeforeUsd: BUSY }, 240],
    ['nothing counts as a quarter: 0, and 10', { ...DAY, spentUsd: 0, elapsedMs: 8 * H, dayBeforeUsd: BUSY }, 10],
    ['a day before that began later',      { ...DAY, spentUsd: 2, elapsedMs: 2 * H, dayBeforeUsd: [0, 0, 5] }, 24],
    ['over',                               { ...DAY, spentUsd: 7, elapsedMs: 24 * H, dayBeforeUsd: BUSY },    7],
  ])('%s', (_what, day, usd) => expect(forecastDay(day)).toBe(usd));
});
