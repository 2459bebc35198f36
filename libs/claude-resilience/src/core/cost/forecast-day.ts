/** Of the day before, no hour is taken to say more about today than this, either way. */
const MOST_FACTOR = 4;
const HOUR_MS = 3_600_000;

/** A day so far. Money is in US dollars. */
export interface DaySoFar {
  readonly spentUsd: number;
  /** Milliseconds since it began. */
  readonly elapsedMs: number;
  /** Milliseconds that it has. */
  readonly lengthMs: number;
  /** What each hour of the day before cost, from its midnight on; absent where nobody knows, or not of all of it. */
  readonly dayBeforeUsd?: readonly number[];
}

/**
 * What the day will have cost at its end: what was spent, and for the rest of it the hours of the day before, as much
 * larger or smaller as today was so far (a quarter to four times). Without a day before: as it went so far, from the end
 * of the first hour on.
 *
 * @returns `undefined` while there is too little to go by
 */
export function forecastDay({ spentUsd, elapsedMs, lengthMs, dayBeforeUsd }: DaySoFar): number | undefined {
  if (elapsedMs >= lengthMs) return spentUsd;
  if (elapsedMs < HOUR_MS) return undefined;
  const before = dayBeforeUsd === undefined ? undefined : splitAt(dayBeforeUsd, elapsedMs / HOUR_MS);
  if (before === undefined || !(before.until > 0)) return (spentUsd / elapsedMs) * lengthMs;
  const factor = Math.min(MOST_FACTOR, Math.max(1 / MOST_FACTOR, spentUsd / before.until));
  return spentUsd + before.after * factor;
}

/** Sums before and after a point in time, in hours. */
function splitAt(hours: readonly number[], point: number): { readonly until: number; readonly after: number } {
  return hours.reduce(
    ({ until, after }, usd, index) => {
      const share = Math.min(1, Math.max(0, point - index));
      return { until: until + usd * share, after: after + usd * (1 - share) };
    },
    { until: 0, after: 0 },
  );
}
