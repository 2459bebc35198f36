import { describe, expect, it } from '@jest/globals';
import { BusinessHours } from './business-hours.js';
import { readBusinessHours, type BusinessHoursOptions } from './business-hours.options.js';

const MINUTE = 60_000;

function hoursOf(options: BusinessHoursOptions): BusinessHours {
  const issues: string[] = [];
  const resolved = readBusinessHours('hours', options, issues);
  expect(issues).toEqual([]);
  return new BusinessHours(resolved!);
}

/** Openings and closings from one moment to another, by looking at every minute. */
function changes(hours: BusinessHours, from: string, to: string): string[] {
  const found: string[] = [];
  let was = hours.isOpen(Date.parse(from));
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += MINUTE) {
    const is = hours.isOpen(ms);
    if (is !== was) found.push(`${is ? 'opens' : 'closes'} ${new Date(ms).toISOString().slice(0, 16)}`);
    was = is;
  }
  return found;
}

const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

describe('business hours (R37)', () => {
  it.each<[string, string, string, string[]]>([
    // Clocks go back at 02:00 on Sunday 25 October 2026, forward on 29 March.
    [
      'Europe/London',
      '2026-10-23T12:00Z',
      '2026-10-26T20:00Z',
      ['closes 2026-10-23T17:00', 'opens 2026-10-26T09:00', 'closes 2026-10-26T18:00'],
    ],
    [
      'Europe/London',
      '2026-03-27T12:00Z',
      '2026-03-30T20:00Z',
      ['closes 2026-03-27T18:00', 'opens 2026-03-30T08:00', 'closes 2026-03-30T17:00'],
    ],
    // On Sunday 1 November 2026, and on 8 March.
    [
      'America/New_York',
      '2026-10-30T12:00Z',
      '2026-11-02T23:30Z',
      ['opens 2026-10-30T13:00', 'closes 2026-10-30T22:00', 'opens 2026-11-02T14:00', 'closes 2026-11-02T23:00'],
    ],
    [
      'America/New_York',
      '2026-03-06T15:00Z',
      '2026-03-09T15:00Z',
      ['closes 2026-03-06T23:00', 'opens 2026-03-09T13:00'],
    ],
    // By half an hour, on 4 October and 5 April 2026.
    [
      'Australia/Lord_Howe',
      '2026-10-02T00:00Z',
      '2026-10-05T00:00Z',
      ['closes 2026-10-02T07:30', 'opens 2026-10-04T22:00'],
    ],
    [
      'Australia/Lord_Howe',
      '2026-04-03T00:00Z',
      '2026-04-06T00:00Z',
      ['closes 2026-04-03T07:00', 'opens 2026-04-05T22:30'],
    ],
    [
      'America/St_Johns',
      '2026-10-30T20:00Z',
      '2026-11-02T13:00Z',
      ['closes 2026-10-30T20:30', 'opens 2026-11-02T12:30'],
    ],
    [
      'Asia/Kolkata',
      '2026-11-20T00:00Z',
      '2026-11-23T06:00Z',
      ['opens 2026-11-20T03:30', 'closes 2026-11-20T12:30', 'opens 2026-11-23T03:30'],
    ],
    ['UTC', '2026-11-20T00:00Z', '2026-11-21T00:00Z', ['opens 2026-11-20T09:00', 'closes 2026-11-20T18:00']],
  ])('of %s, from %s to %s', (timeZone, from, to, expected) => {
    expect(changes(hoursOf({ timeZone }), from, to)).toEqual(expected);
  });

  it('over the hour that is there twice, and the one that is not', () => {
    const night = hoursOf({ timeZone: 'Europe/London', days: EVERY_DAY, shifts: ['01:15-01:45'] });
    expect(changes(night, '2026-10-25T00:00Z', '2026-10-25T03:00Z')).toEqual([
      'opens 2026-10-25T00:15',
      'closes 2026-10-25T00:45',
      'opens 2026-10-25T01:15',
      'closes 2026-10-25T01:45',
    ]);
    expect(changes(night, '2026-03-29T00:00Z', '2026-03-29T03:00Z')).toEqual([]);
  });

  it('with shifts over midnight, which belong to the day they begin on', () => {
    const hours = hoursOf({ timeZone: 'Europe/Berlin', days: ['fri'], shifts: ['22:00-06:00', '08:00-09:00'] });
    expect(changes(hours, '2026-11-19T00:00Z', '2026-11-23T00:00Z')).toEqual([
      'opens 2026-11-20T07:00',
      'closes 2026-11-20T08:00',
      'opens 2026-11-20T21:00',
      'closes 2026-11-21T05:00',
    ]);
  });

  it('all day, and not on holidays of the zone', () => {
    const days = { days: EVERY_DAY, shifts: ['00:00-24:00'], holidays: ['2026-12-25'] };
    expect(
      changes(hoursOf({ timeZone: 'Pacific/Auckland', ...days }), '2026-12-23T00:00Z', '2026-12-27T00:00Z'),
    ).toEqual(['closes 2026-12-24T11:00', 'opens 2026-12-25T11:00']);
  });

  it('know the next opening, beyond a change of the clocks and a long weekend', () => {
    const newYork = hoursOf({ timeZone: 'America/New_York' });
    expect(newYork.nextOpening(Date.parse('2026-10-30T23:00:20Z'))).toBe(Date.parse('2026-11-02T14:00:00Z'));
    expect(newYork.nextOpening(Date.parse('2026-11-02T14:30:20Z'))).toBe(Date.parse('2026-11-02T14:30:20Z'));
    const holidays = ['2026-12-25', '2026-12-28'];
    expect(hoursOf({ timeZone: 'Europe/London', holidays }).nextOpening(Date.parse('2026-12-24T18:00:00Z'))).toBe(
      Date.parse('2026-12-29T09:00:00Z'),
    );
    expect(hoursOf({ timeZone: 'UTC', days: [] }).nextOpening(0)).toBeUndefined();
  });

  it.each([
    [{ timeZone: 'Mars/Olympus' }, 'hours.timeZone'],
    [{}, 'hours.timeZone'],
    [{ timeZone: 'UTC', days: ['monday'] }, 'hours.days'],
    [{ timeZone: 'UTC', shifts: ['9-17'] }, 'hours.shifts'],
    [{ timeZone: 'UTC', shifts: ['09:00-09:00'] }, 'hours.shifts'],
    [{ timeZone: 'UTC', holidays: ['2026-02-30'] }, 'hours.holidays'],
    [{ timeZone: 'UTC', hollidays: [] }, 'hours.hollidays'],
  ])('refuse %j', (given, path) => {
    const issues: string[] = [];
    readBusinessHours('hours', given, issues);
    expect(issues.map((issue) => issue.split(':')[0])).toEqual([path]);
  });
});
