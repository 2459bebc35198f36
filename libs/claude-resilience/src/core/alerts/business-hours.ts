const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const LOOKS_AHEAD_MINUTES = 14 * DAY_MINUTES;

/** 0 is Sunday, as in JavaScript. */
export type DayOfWeek = 0 | 1 | 2 | 3 | 4 | 5 | 6;

export interface ResolvedBusinessHours {
  /** IANA name, for example `Europe/London`. */
  readonly timeZone: string;
  /** Minutes of the day in that zone, `from` included, `to` not; a shift that ends before it begins goes over midnight, and belongs to the day it begins on. */
  readonly shifts: ReadonlyMap<DayOfWeek, readonly { readonly from: number; readonly to: number }[]>;
  /** Days off, `2026-12-25`, in that zone. */
  readonly holidays: ReadonlySet<string>;
  /** Whether what is critical wakes people at any hour. */
  readonly criticalAlways: boolean;
}

/** When people may be woken (R37). The clock on their wall decides, whatever it does twice a year. */
export class BusinessHours {
  readonly #format: Intl.DateTimeFormat;
  /** The opening found last, and from when on it is the next. */
  #next = { fromMs: 0, atMs: 0 };

  constructor(private readonly hours: ResolvedBusinessHours) {
    // Kept: making one takes fifteen times as long as using it. `h23`, since `hour12: false` says 24 in places.
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: hours.timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  }

  isOpen(wallMs: number): boolean {
    const { day, minute } = this.#local(wallMs);
    const isToday = this.#shifts(day).some(({ from, to }) => minute >= from && (to <= from || minute < to));
    return isToday || this.#shifts(day - 1).some(({ from, to }) => to <= from && minute < to);
  }

  /** @returns wall-clock milliseconds of the next minute, from now on, in which they are open; `undefined` when none comes in 14 days */
  nextOpening(wallMs: number): number | undefined {
    if (this.isOpen(wallMs)) return wallMs;
    // Asked again and again until it is there, and a search over a weekend takes milliseconds.
    const { fromMs, atMs } = this.#next;
    if (wallMs >= fromMs && wallMs < atMs) return atMs;
    const found = this.#search(wallMs);
    if (found !== undefined) this.#next = { fromMs: wallMs, atMs: found };
    return found;
  }

  #search(wallMs: number): number | undefined {
    const first = Math.floor(wallMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    for (let minute = 0; minute < LOOKS_AHEAD_MINUTES; minute++) {
      if (this.isOpen(first + minute * MINUTE_MS)) return first + minute * MINUTE_MS;
    }
    return undefined;
  }

  /** @param day days since the epoch */
  #shifts(day: number) {
    const date = new Date(day * DAY_MINUTES * MINUTE_MS);
    if (this.hours.holidays.has(date.toISOString().slice(0, 10))) return [];
    return this.hours.shifts.get(date.getUTCDay() as DayOfWeek) ?? [];
  }

  /** The date on the wall as days since the epoch, and the minute of that day. */
  #local(wallMs: number): { readonly day: number; readonly minute: number } {
    const parts = new Map(this.#format.formatToParts(wallMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const midnightMs = Date.UTC(part('year'), part('month') - 1, part('day'));
    return { day: midnightMs / (DAY_MINUTES * MINUTE_MS), minute: part('hour') * 60 + part('minute') };
  }
}
