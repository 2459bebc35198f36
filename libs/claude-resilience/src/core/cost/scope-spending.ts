import { isOn, spanOf, type PeriodSpan } from './budget-period.js';
import { knownUsdOf, NO_COST, plusCosts, unknownIn, type CostSum } from './cost-sum.js';

/** US dollars, and how many things without a price. */
export interface Spent {
  readonly usd: number;
  readonly unknown: number;
}

/** What was spent in one hour or day, and what was told about it. */
export interface SpanSpending extends PeriodSpan {
  readonly spent: CostSum;
  /** What of it was spent before this process began, by whomever. */
  readonly earlier?: Spent;
  /** What other replicas have spent, those that have ended among them: so `earlier` may be in it, too. */
  readonly others?: Spent;
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
const NOTHING: Spent = Object.freeze({ usd: 0, unknown: 0 });

/** All that is known to be spent: here, and by others as far as that is not what this process was told at its start. */
export function spentIn({ spent, earlier = NOTHING, others = NOTHING }: SpanSpending): Spent {
  return {
    usd: knownUsdOf(spent) + Math.max(0, others.usd - earlier.usd),
    unknown: unknownIn(spent) + Math.max(0, others.unknown - earlier.unknown),
  };
}

/** What this process has spent. */
export function bookedIn({ spent, earlier = NOTHING }: SpanSpending): Spent {
  return { usd: Math.max(0, knownUsdOf(spent) - earlier.usd), unknown: unknownIn(spent) - earlier.unknown };
}

/** Of what others have spent, the most that was heard: what is spent does not grow less. */
export function withOthers(span: SpanSpending, { usd, unknown }: Spent): SpanSpending {
  const { others = NOTHING } = span;
  return { ...span, others: { usd: Math.max(usd, others.usd), unknown: Math.max(unknown, others.unknown) } };
}

/**
 * Adds what a call cost.
 *
 * @param atMs wall-clock milliseconds; a moment before the hour that is on counts as now
 * @param isEarlier it was spent before this process began
 */
export function spend(
  before: ScopeSpending | undefined,
  cost: CostSum,
  atMs: number,
  timeZone: string,
  isEarlier = false,
): ScopeSpending {
  const now = currentAt(before, atMs, timeZone);
  const hour = Math.max(0, Math.floor((atMs - now.day.startMs) / HOUR_MS));
  const hoursUsd = [...now.hoursUsd];
  while (hoursUsd.length <= hour) hoursUsd.push(0);
  hoursUsd[hour] = (hoursUsd[hour] ?? 0) + knownUsdOf(cost);
  const plus = (span: SpanSpending): SpanSpending => {
    const spent = plusCosts(span.spent, cost);
    if (!isEarlier) return { ...span, spent };
    const { usd, unknown } = span.earlier ?? NOTHING;
    return { ...span, spent, earlier: { usd: usd + knownUsdOf(cost), unknown: unknown + unknownIn(cost) } };
  };
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
