import { isOn, spanOf, type PeriodSpan } from './budget-period.js';
import { knownUsdOf, NO_COST, plusCosts, type CostSum } from './cost-sum.js';

/** What was spent in one hour or day, and what was told about it. */
export interface SpanSpending extends PeriodSpan {
  readonly spent: CostSum;
  readonly told: 'nothing' | 'warning' | 'spent';
}

/** What was spent by all, or by one workflow. Goes through JSON, to survive a restart. */
export interface ScopeSpending {
  readonly hour: SpanSpending;
  readonly day: SpanSpending;
  /** US dollars by hour of the day, from its beginning on. */
  readonly hoursUsd: readonly number[];
  /** Set when the day was seen from its first hour on: then it can be what the next one is measured by. */
  readonly isWholeDay: boolean;
  /** The same of the day before, if that was seen from its first hour on. */
  readonly dayBeforeUsd?: readonly number[];
}

const HOUR_MS = 3_600_000;

/** Adds what a call cost. @param atMs wall-clock milliseconds; a moment before the hour that is on counts as now */
export function spend(before: ScopeSpending | undefined, cost: CostSum, atMs: number, timeZone: string): ScopeSpending {
  const now = currentAt(before, atMs, timeZone);
  const hour = Math.max(0, Math.floor((atMs - now.day.startMs) / HOUR_MS));
  const hoursUsd = [...now.hoursUsd];
  while (hoursUsd.length <= hour) hoursUsd.push(0);
  hoursUsd[hour] = (hoursUsd[hour] ?? 0) + knownUsdOf(cost);
  const plus = (span: SpanSpending): SpanSpending => ({ ...span, spent: plusCosts(span.spent, cost) });
  return { ...now, hour: plus(now.hour), day: plus(now.day), hoursUsd };
}

function currentAt(before: ScopeSpending | undefined, atMs: number, timeZone: string): ScopeSpending {
  const begun = (period: 'hour' | 'day'): SpanSpending => ({
    ...spanOf(period, atMs, timeZone),
    spent: NO_COST,
    told: 'nothing',
  });
  if (before === undefined) {
    const day = begun('day');
    return { hour: begun('hour'), day, hoursUsd: [], isWholeDay: atMs - day.startMs < HOUR_MS };
  }
  const hour = isOn(before.hour, atMs) ? before.hour : begun('hour');
  if (isOn(before.day, atMs)) return { ...before, hour };
  const day = begun('day');
  // Somebody was there at midnight, or soon after.
  const isNext = day.startMs === before.day.endMs;
  const isWholeDay = isNext || atMs - day.startMs < HOUR_MS;
  const dayBefore = isNext && before.isWholeDay ? { dayBeforeUsd: before.hoursUsd } : {};
  return { hour, day, hoursUsd: [], isWholeDay, ...dayBefore };
}
