import { HOUR_MS, type FeatureFigures } from './feature-figures.js';

/** Hours of the day at which 529s come again and again. */
export interface OverloadedHours {
  /** First and past-the-end hour of the day, UTC, 0 to 23; they may lie around midnight. */
  readonly fromHour: number;
  readonly toHour: number;
  /** Days with 529s in these hours, of the days with requests in them. */
  readonly badDays: number;
  readonly days: number;
}

const DAY_HOURS = 24;
const WEEK_MS = 7 * DAY_HOURS * HOUR_MS;
/** An hour is judged from so many requests on. */
const MIN_REQUESTS = 10;
/** Share of 529s that makes an hour a bad one. */
const BAD_SHARE = 0.1;
/** Days on which an hour must have been bad, and their share of the days that had requests in it. */
const MIN_BAD_DAYS = 3;
const BAD_DAYS_SHARE = 0.6;
/** Beyond this it is no matter of the hour. */
const MOST_HOURS = 12;

interface Days {
  readonly all: Set<number>;
  readonly bad: Set<number>;
}

/** The longest run of such hours in the last seven days; `undefined` when there is none. */
export function overloadedHours({ hours }: Pick<FeatureFigures, 'hours'>, wallMs: number): OverloadedHours | undefined {
  const byHour = Array.from({ length: DAY_HOURS }, (): Days => ({ all: new Set(), bad: new Set() }));
  for (const { index, slot } of hours.entries(wallMs, WEEK_MS)) {
    const days = byHour[index % DAY_HOURS];
    if (days === undefined || slot.attempts < MIN_REQUESTS) continue;
    const day = Math.floor(index / DAY_HOURS);
    days.all.add(day);
    if (slot.overloaded / slot.attempts >= BAD_SHARE) days.bad.add(day);
  }
  const run = longestRun(byHour.map(isBadHour));
  if (run === undefined || run.length > MOST_HOURS) return undefined;
  const inRun = run.map((hour) => byHour[hour]).filter((days) => days !== undefined);
  return {
    fromHour: run[0] ?? 0,
    toHour: ((run.at(-1) ?? 0) + 1) % DAY_HOURS,
    badDays: new Set(inRun.flatMap(({ bad }) => [...bad])).size,
    days: new Set(inRun.flatMap(({ all }) => [...all])).size,
  };
}

function isBadHour({ all, bad }: Days): boolean {
  return bad.size >= MIN_BAD_DAYS && bad.size / all.size >= BAD_DAYS_SHARE;
}

/** @returns hours one after the other, around midnight too; `undefined` when none is bad */
function longestRun(isBad: readonly boolean[]): readonly number[] | undefined {
  let longest: readonly number[] | undefined;
  for (let from = 0; from < DAY_HOURS; from++) {
    const run: number[] = [];
    while (run.length < DAY_HOURS && isBad[(from + run.length) % DAY_HOURS] === true) {
      run.push((from + run.length) % DAY_HOURS);
    }
    if (run.length > (longest?.length ?? 0)) longest = run;
  }
  return longest;
}
