export type BudgetPeriod = 'hour' | 'day';

/** One hour or day of a time zone; wall-clock milliseconds, the end is no longer in it. */
export interface PeriodSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Whether the span is still the one that is on. What comes a little too late belongs to it; a moment more than its own
 * length before it means that the clock had been wrong, and was put right.
 */
export function isOn({ startMs, endMs }: PeriodSpan, atMs: number): boolean {
  return atMs < endMs && atMs >= startMs - (endMs - startMs);
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The hour or day that a moment lies in. Days have 23 to 25 hours where clocks are changed; hours of zones that are half
 * an hour off begin at half past.
 */
export function spanOf(period: BudgetPeriod, atMs: number, timeZone: string): PeriodSpan {
  const offsetMs = offsetAt(atMs, timeZone);
  if (period === 'hour') {
    const startMs = Math.floor((atMs + offsetMs) / HOUR_MS) * HOUR_MS - offsetMs;
    return { startMs, endMs: startMs + HOUR_MS };
  }
  const midnight = Math.floor((atMs + offsetMs) / DAY_MS) * DAY_MS;
  return { startMs: momentOf(midnight, timeZone), endMs: momentOf(midnight + DAY_MS, timeZone) };
}

/** When clocks of the zone show a time; or, where they leave it out, the moment in which they do. */
function momentOf(shownMs: number, timeZone: string): number {
  // Midnight and the hours around it: the offset before a change, and the one after it.
  const before = shownMs - offsetAt(shownMs - DAY_MS / 2, timeZone);
  const after = shownMs - offsetAt(shownMs + DAY_MS / 2, timeZone);
  const shows = (ms: number) => ms + offsetAt(ms, timeZone) === shownMs;
  if (shows(before)) return before;
  return shows(after) ? after : Math.max(before, after);
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();
const MOST_FORMATS = 100;

/** How far clocks of the zone are ahead of UTC, in milliseconds. */
function offsetAt(atMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const wholeMs = Math.floor(atMs / 1_000) * 1_000;
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(wholeMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeMs;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone);
  if (known !== undefined) return known;
  const numeric = 'numeric';
  const time = { hour: numeric, minute: numeric, second: numeric, hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, year: numeric, month: numeric, day: numeric, ...time });
  if (FORMATS.size < MOST_FORMATS) FORMATS.set(timeZone, format);
  return format;
}
