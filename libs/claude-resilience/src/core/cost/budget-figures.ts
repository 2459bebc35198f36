import type { BudgetPeriod, PeriodSpan } from './budget-period.js';
import type { ResolvedBudget } from './budget.options.js';
import { forecastDay } from './forecast-day.js';
import { spentIn, type ScopeSpending, type SpanSpending } from './scope-spending.js';

/** Of one budget, how far it is used. */
export interface BudgetFigures extends PeriodSpan {
  /** Whose it is; `undefined` for that of everything together. */
  readonly workflow: string | undefined;
  readonly period: BudgetPeriod;
  readonly limitUsd: number;
  /** Sure and guessed. */
  readonly spentUsd: number;
  /** Things without a price, which are not in `spentUsd`. */
  readonly unknown: number;
}

const PERIODS = ['hour', 'day'] as const;
/** Levels, the most urgent last. */
export const LEVELS = ['nothing', 'warning', 'spent'] as const;
/** A share of a limit is a product of doubles: it may be off by less than this, in US dollars. */
const EQUAL_USD = 1e-8;

/** The periods that a budget is for. */
export const periodsOf = (budget: ResolvedBudget) => PERIODS.filter((period) => limitOf(budget, period) !== undefined);

/** What a day is likely to cost in all; `undefined` while there is too little to go by. @param atMs within the day */
export function forecastOf({ day, dayBeforeUsd }: ScopeSpending, atMs: number): number | undefined {
  return forecastDay({
    spentUsd: spentIn(day).usd,
    elapsedMs: atMs - day.startMs,
    lengthMs: day.endMs - day.startMs,
    ...(dayBeforeUsd !== undefined && { dayBeforeUsd }),
  });
}

export function figuresOf(
  span: SpanSpending,
  workflow: string | undefined,
  period: BudgetPeriod,
  budget: ResolvedBudget,
): BudgetFigures {
  const limitUsd = limitOf(budget, period) ?? Infinity;
  const { usd: spentUsd, unknown } = spentIn(span);
  return { workflow, period, limitUsd, spentUsd, unknown, startMs: span.startMs, endMs: span.endMs };
}

export function levelOf(span: SpanSpending, budget: ResolvedBudget, period: BudgetPeriod): (typeof LEVELS)[number] {
  const limitUsd = limitOf(budget, period);
  if (limitUsd === undefined) return 'nothing';
  const usd = spentIn(span).usd + EQUAL_USD;
  if (usd >= limitUsd) return 'spent';
  return usd >= limitUsd * budget.warnAtRatio ? 'warning' : 'nothing';
}

function limitOf({ perHourUsd, perDayUsd }: ResolvedBudget, period: BudgetPeriod): number | undefined {
  return period === 'hour' ? perHourUsd : perDayUsd;
}
