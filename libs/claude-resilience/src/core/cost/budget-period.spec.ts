import { describe, expect, it } from '@jest/globals';
import { spanOf, type BudgetPeriod } from './budget-period.js';

const HOUR_MS = 3_600_000;

// oxfmt-ignore
describe('hours and days of a place (R34)', () => {
  it.each<[period: BudgetPeriod, zone: string, at: string, start: string, hours: number]>([
    ['hour', 'UTC',              '2026-11-22T10:59:59.999Z', '2026-11-22T10:00:00Z', 1],
    ['hour', 'UTC',              '2026-11-22T11:00:00Z',     '2026-11-22T11:00:00Z', 1],
    ['day',  'UTC',              '2026-11-22T23:59:59.999Z', '2026-11-22T00:00:00Z', 24],
    ['day',  'Europe/Berlin',    '2026-11-22T22:59:59Z',     '2026-11-21T23:00:00Z', 24],
    ['day',  'Europe/Berlin',    '2026-11-22T23:00:00Z',     '2026-11-22T23:00:00Z', 24],
    ['day',  'Europe/Berlin',    '2026-03-29T12:00:00Z',     '2026-03-28T23:00:00Z', 23], // clocks go forward
    ['day',  'Europe/Berlin',    '2026-10-25T00:30:00Z',     '2026-10-24T22:00:00Z', 25], // and back
    ['day',  'America/New_York', '2026-11-22T03:00:00Z',     '2026-11-21T05:00:00Z', 24],
    ['hour', 'Asia/Kolkata',     '2026-11-22T10:10:00Z',     '2026-11-22T09:30:00Z', 1],
    ['day',  'Asia/Kolkata',     '2026-11-22T18:29:00Z',     '2026-11-21T18:30:00Z', 24],
    ['day',  'Africa/Cairo',     '2026-04-24T12:00:00Z',     '2026-04-23T22:00:00Z', 23], // there was no midnight
    ['day',  'America/Nuuk',     '2026-03-29T12:00:00Z',     '2026-03-29T01:00:00Z', 24], // they went forward at 22 h the day before
    ['day',  'Pacific/Kiritimati', '2026-11-22T09:59:00Z',   '2026-11-21T10:00:00Z', 24],
  ])('the %s in %s of %s begins at %s and has %d h', (period, zone, at, start, hours) =>
    expect(spanOf(period, Date.parse(at), zone)).toEqual({
      startMs: Date.parse(start),
      endMs: Date.parse(start) + hours * HOUR_MS,
    }));

  it.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Africa/Cairo', 'America/Nuuk', 'Australia/Lord_Howe', 'Asia/Beirut'])('days of %s follow each other without a gap, all year', (zone) => {
    let atMs = spanOf('day', Date.UTC(2026, 0, 1, 12), zone).startMs;
    for (let day = 0; day < 366; day++) {
      const span = spanOf('day', atMs, zone);
      expect(span.startMs).toBe(atMs);
      expect(spanOf('day', span.endMs - 1, zone)).toEqual(span);
      atMs = span.endMs;
    }
  });
});
