import { OptionReader } from '../option-reader.js';
import type { DayOfWeek, ResolvedBusinessHours } from './business-hours.js';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type DayName = (typeof DAYS)[number];

export interface BusinessHoursOptions {
  /** IANA name of a time zone, for example `Europe/London`. */
  readonly timeZone: string;
  /** Days on which people may be woken. @default Monday to Friday */
  readonly days?: readonly DayName[];
  /**
   * Shifts of these days, `09:00-17:30`, the end not included, `24:00` for midnight; one that ends before it begins goes
   * over midnight. @default ['09:00-18:00']
   */
  readonly shifts?: readonly string[];
  /** Days off in that zone, `2026-12-25`. @default none */
  readonly holidays?: readonly string[];
  /** Whether what is critical wakes people at any hour. @default true */
  readonly criticalAlways?: boolean;
}

const USUAL_DAYS: readonly DayName[] = ['mon', 'tue', 'wed', 'thu', 'fri'];
const USUAL_SHIFTS = ['09:00-18:00'];
const SHIFT = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))$/;

/** @returns `undefined` when there are none: people may be woken at any hour */
export function readBusinessHours(path: string, given: unknown, issues: string[]): ResolvedBusinessHours | undefined {
  if (given === undefined || given === false) return undefined;
  const read = new OptionReader(path, given, issues);
  const timeZone = read.text('timeZone');
  if (timeZone === undefined || !isTimeZone(timeZone)) {
    read.reject('timeZone', 'an IANA time zone, for example "Europe/London"', timeZone);
  }
  const days = readList(read, 'days', USUAL_DAYS, `days: ${DAYS.join(', ')}`, (day) => DAYS.includes(day as DayName));
  const shifts = readList(
    read,
    'shifts',
    USUAL_SHIFTS,
    'shifts, for example "09:00-18:00"',
    (text) => shiftOf(text) !== undefined,
  );
  const holidays = readList(read, 'holidays', [], 'days off, for example "2026-12-25"', isDate);
  const criticalAlways = read.oneOf('criticalAlways', true, [true, false]);
  read.done();
  const each = shifts.map(shiftOf).filter((shift) => shift !== undefined);
  return Object.freeze({
    timeZone: timeZone !== undefined && isTimeZone(timeZone) ? timeZone : 'UTC',
    shifts: new Map(days.map((day) => [DAYS.indexOf(day as DayName) as DayOfWeek, each])),
    holidays: new Set(holidays),
    criticalAlways,
  });
}

function readList(
  read: OptionReader,
  name: string,
  usual: readonly string[],
  wanted: string,
  isValid: (text: string) => boolean,
): readonly string[] {
  const given = read.take(name);
  if (given === undefined) return usual;
  if (Array.isArray(given) && given.every((one: unknown) => typeof one === 'string' && isValid(one)))
    return given as string[];
  read.reject(name, wanted, given);
  return usual;
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Minutes of the day; `undefined` when it is no shift, or an empty one. */
function shiftOf(text: string): { readonly from: number; readonly to: number } | undefined {
  const [, fromHour, fromMinute, toHour, toMinute, lastHour] = SHIFT.exec(text) ?? [];
  if (fromHour === undefined) return undefined;
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = lastHour === undefined ? Number(toHour) * 60 + Number(toMinute) : 24 * 60;
  return from === to ? undefined : { from, to };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}
