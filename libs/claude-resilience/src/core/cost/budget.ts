import { isOn, type BudgetPeriod, type PeriodSpan } from './budget-period.js';
import type { ResolvedBudget, ResolvedBudgets } from './budget.options.js';
import { knownUsdOf, NO_COST, unknownIn, type CostSum } from './cost-sum.js';
import { forecastDay } from './forecast-day.js';
import { spend, type ScopeSpending, type SpanSpending } from './scope-spending.js';

/** Immutable, and JSON. Holds an entry only for what has a budget. */
export interface BudgetState {
  readonly overall?: ScopeSpending;
  readonly workflows: Readonly<Record<string, ScopeSpending>>;
}

export const NO_SPENDING: BudgetState = Object.freeze({ workflows: Object.freeze({}) });

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

/** Told once in each hour or day: at the share that is warned about, and when all of it is spent (R34). */
export interface BudgetNotice extends BudgetFigures {
  readonly level: 'warning' | 'spent';
  /** What the day is likely to cost in all; of days only, and once there is enough to go by. */
  readonly forecastUsd?: number;
}

/** Why a call must not be sent: facts for a typed failure. */
export interface BudgetStop extends BudgetFigures {
  /** Milliseconds to the next hour or day. */
  readonly retryAfterMs: number;
}

/** Of one budget, how far it is used and where it leads. */
export interface BudgetStatus extends BudgetFigures {
  /** Of days only, and once there is enough to go by. */
  readonly forecastUsd?: number;
}

export interface Spending {
  readonly workflow: string;
  readonly cost: CostSum;
  /** Wall-clock milliseconds. What is late counts to the hour that is on. */
  readonly atMs: number;
}

const PERIODS = ['hour', 'day'] as const;
/** Levels, the most urgent last. */
const LEVELS = ['nothing', 'warning', 'spent'] as const;
/** A share of a limit is a product of doubles: it may be off by less than this, in US dollars. */
const EQUAL_USD = 1e-8;

/** Books what a call cost. @returns the state after it, and what must be told now */
export function noteSpending(
  state: BudgetState,
  { workflow, cost, atMs }: Spending,
  { overall, workflows, timeZone }: ResolvedBudgets,
): { readonly state: BudgetState; readonly notices: readonly BudgetNotice[] } {
  const notices: BudgetNotice[] = [];
  const book = (scope: string | undefined, budget: ResolvedBudget, before: ScopeSpending | undefined) => {
    const now = spend(before, cost, atMs, timeZone);
    const told = (period: BudgetPeriod): SpanSpending => {
      const level = levelOf(now[period], budget, period);
      // Only what is worse than before: what is spent at one stroke need not be warned about any more.
      if (level === 'nothing' || LEVELS.indexOf(level) <= LEVELS.indexOf(now[period].told)) return now[period];
      const forecastUsd = period === 'day' ? forecastOf(now, atMs) : undefined;
      const figures = figuresOf(now[period], scope, period, budget);
      notices.push({ ...figures, level, ...(forecastUsd !== undefined && { forecastUsd }) });
      return { ...now[period], told: level };
    };
    return { ...now, hour: told('hour'), day: told('day') };
  };
  const own = workflows.get(workflow);
  const next: BudgetState = {
    ...(overall !== undefined && { overall: book(undefined, overall, state.overall) }),
    workflows:
      own === undefined
        ? state.workflows
        : { ...state.workflows, [workflow]: book(workflow, own, spendingOf(state, workflow)) },
  };
  return { state: next, notices };
}

/**
 * Whether a call of a workflow must not be sent: a budget that stops is spent, its own or that of all. What is under way
 * goes on, and the budget may be overrun by as much.
 *
 * @param atMs wall-clock milliseconds @returns the one that lasts longest
 */
export function budgetStop(
  state: BudgetState,
  workflow: string,
  atMs: number,
  { overall, workflows }: ResolvedBudgets,
): BudgetStop | undefined {
  return [
    ...stopsOf(undefined, state.overall, overall, atMs),
    ...stopsOf(workflow, spendingOf(state, workflow), workflows.get(workflow), atMs),
  ].sort((one, other) => other.retryAfterMs - one.retryAfterMs)[0];
}

/** All budgets, used or not. @param atMs wall-clock milliseconds */
export function budgetStatuses(state: BudgetState, atMs: number, budgets: ResolvedBudgets): readonly BudgetStatus[] {
  const { overall, workflows, timeZone } = budgets;
  const of = (scope: string | undefined, budget: ResolvedBudget, before: ScopeSpending | undefined) => {
    const now = spend(before, NO_COST, atMs, timeZone);
    const forecastUsd = forecastOf(now, atMs);
    return PERIODS.filter((period) => limitOf(budget, period) !== undefined).map((period) => {
      const figures = figuresOf(now[period], scope, period, budget);
      return period === 'day' && forecastUsd !== undefined ? { ...figures, forecastUsd } : figures;
    });
  };
  return [
    ...(overall === undefined ? [] : of(undefined, overall, state.overall)),
    ...[...workflows].flatMap(([workflow, budget]) => of(workflow, budget, spendingOf(state, workflow))),
  ];
}

/** What a day is likely to cost in all; `undefined` while there is too little to go by. @param atMs within the day */
export function forecastOf({ day, dayBeforeUsd }: ScopeSpending, atMs: number): number | undefined {
  return forecastDay({
    spentUsd: knownUsdOf(day.spent),
    elapsedMs: atMs - day.startMs,
    lengthMs: day.endMs - day.startMs,
    ...(dayBeforeUsd !== undefined && { dayBeforeUsd }),
  });
}

function spendingOf({ workflows }: BudgetState, workflow: string): ScopeSpending | undefined {
  return Object.hasOwn(workflows, workflow) ? workflows[workflow] : undefined;
}

function stopsOf(
  scope: string | undefined,
  spending: ScopeSpending | undefined,
  budget: ResolvedBudget | undefined,
  atMs: number,
): readonly BudgetStop[] {
  if (spending === undefined || budget?.whenSpent !== 'stop') return [];
  return PERIODS.filter(
    (period) => isOn(spending[period], atMs) && levelOf(spending[period], budget, period) === 'spent',
  ).map((period) => ({
    ...figuresOf(spending[period], scope, period, budget),
    retryAfterMs: spending[period].endMs - atMs,
  }));
}

function figuresOf(
  { spent, startMs, endMs }: SpanSpending,
  workflow: string | undefined,
  period: BudgetPeriod,
  budget: ResolvedBudget,
): BudgetFigures {
  const limitUsd = limitOf(budget, period) ?? Infinity;
  return { workflow, period, limitUsd, spentUsd: knownUsdOf(spent), unknown: unknownIn(spent), startMs, endMs };
}

function levelOf({ spent }: SpanSpending, budget: ResolvedBudget, period: BudgetPeriod): (typeof LEVELS)[number] {
  const limitUsd = limitOf(budget, period);
  if (limitUsd === undefined) return 'nothing';
  const usd = knownUsdOf(spent) + EQUAL_USD;
  if (usd >= limitUsd) return 'spent';
  return usd >= limitUsd * budget.warnAtRatio ? 'warning' : 'nothing';
}

function limitOf({ perHourUsd, perDayUsd }: ResolvedBudget, period: BudgetPeriod): number | undefined {
  return period === 'hour' ? perHourUsd : perDayUsd;
}
