import { figuresOf, forecastOf, levelOf, LEVELS, periodsOf, type BudgetFigures } from './budget-figures.js';
import { isOn, type BudgetPeriod } from './budget-period.js';
import type { ResolvedBudget, ResolvedBudgets } from './budget.options.js';
import { NO_COST, type CostSum } from './cost-sum.js';
import { bookedIn, spend, withOthers, type ScopeSpending, type SpanSpending, type Spent } from './scope-spending.js';

/** Immutable, and JSON. Holds an entry only for what has a budget. */
export interface BudgetState {
  readonly overall?: ScopeSpending;
  readonly workflows: Readonly<Record<string, ScopeSpending>>;
}

export const NO_SPENDING: BudgetState = Object.freeze({ workflows: Object.freeze({}) });

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
  /** It was spent before this process began. */
  readonly isEarlier?: boolean;
}

/** Of one budget, what was spent in the hour or day that is on: by this process, or by other replicas. */
export interface BudgetPart extends Spent {
  readonly workflow: string | undefined;
  readonly period: BudgetPeriod;
  /** Wall-clock milliseconds. */
  readonly startMs: number;
}

/** Books what a call cost. @returns the state after it, and what must be told now */
export function noteSpending(
  state: BudgetState,
  { workflow, cost, atMs, isEarlier }: Spending,
  budgets: ResolvedBudgets,
): Noted {
  const book = (before: ScopeSpending | undefined) => spend(before, cost, atMs, budgets.timeZone, isEarlier);
  const ofAll = change({ state, notices: [] }, undefined, budgets, atMs, book);
  return change(ofAll, workflow, budgets, atMs, book);
}

/** The state after something, and what must be told now. */
export interface Noted {
  readonly state: BudgetState;
  readonly notices: readonly BudgetNotice[];
}

/** Takes note of what other replicas have spent; of hours and days that are not on, nothing. @param atMs wall-clock milliseconds */
export function noteOthers(
  state: BudgetState,
  others: readonly BudgetPart[],
  atMs: number,
  budgets: ResolvedBudgets,
): Noted {
  return others.reduce<Noted>(
    (noted, { workflow, period, startMs, ...spent }) =>
      change(noted, workflow, budgets, atMs, (before) => {
        const now = spend(before, NO_COST, atMs, budgets.timeZone);
        return now[period].startMs === startMs ? { ...now, [period]: withOthers(now[period], spent) } : now;
      }),
    { state, notices: [] },
  );
}

/** Of all budgets, what this process itself has spent. @param atMs wall-clock milliseconds */
export function bookedParts(state: BudgetState, atMs: number, budgets: ResolvedBudgets): readonly BudgetPart[] {
  return scopesOf(budgets).flatMap(({ workflow, budget }) => {
    const now = spend(spendingOf(state, workflow), NO_COST, atMs, budgets.timeZone);
    return periodsOf(budget).map((period) => ({
      workflow,
      period,
      startMs: now[period].startMs,
      ...bookedIn(now[period]),
    }));
  });
}

/** @param workflow `undefined`: the budget of all */
function change(
  { state, notices }: Noted,
  workflow: string | undefined,
  { overall, workflows }: ResolvedBudgets,
  atMs: number,
  work: (before: ScopeSpending | undefined) => ScopeSpending,
): Noted {
  const budget = workflow === undefined ? overall : workflows.get(workflow);
  if (budget === undefined) return { state, notices };
  const { spending, ...told } = toldOf(work(spendingOf(state, workflow)), workflow, budget, atMs);
  const next =
    workflow === undefined
      ? { ...state, overall: spending }
      : { ...state, workflows: { ...state.workflows, [workflow]: spending } };
  return { state: next, notices: [...notices, ...told.notices] };
}

/** Marks what must be told as told. */
function toldOf(now: ScopeSpending, workflow: string | undefined, budget: ResolvedBudget, atMs: number) {
  const notices: BudgetNotice[] = [];
  const told = (period: BudgetPeriod): SpanSpending => {
    const level = levelOf(now[period], budget, period);
    // Only what is worse than before: what is spent at one stroke need not be warned about any more.
    if (level === 'nothing' || LEVELS.indexOf(level) <= LEVELS.indexOf(now[period].told)) return now[period];
    const forecastUsd = period === 'day' ? forecastOf(now, atMs) : undefined;
    const figures = figuresOf(now[period], workflow, period, budget);
    notices.push({ ...figures, level, ...(forecastUsd !== undefined && { forecastUsd }) });
    return { ...now[period], told: level };
  };
  return { spending: { ...now, hour: told('hour'), day: told('day') }, notices };
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
  return scopesOf(budgets).flatMap(({ workflow, budget }) => {
    const now = spend(spendingOf(state, workflow), NO_COST, atMs, budgets.timeZone);
    const forecastUsd = forecastOf(now, atMs);
    return periodsOf(budget).map((period) => {
      const figures = figuresOf(now[period], workflow, period, budget);
      return period === 'day' && forecastUsd !== undefined ? { ...figures, forecastUsd } : figures;
    });
  });
}

function scopesOf({ overall, workflows }: ResolvedBudgets) {
  const byWorkflow = [...workflows].map(([workflow, budget]) => ({ workflow, budget }));
  return [...(overall === undefined ? [] : [{ workflow: undefined, budget: overall }]), ...byWorkflow];
}

function spendingOf({ overall, workflows }: BudgetState, workflow: string | undefined): ScopeSpending | undefined {
  if (workflow === undefined) return overall;
  return Object.hasOwn(workflows, workflow) ? workflows[workflow] : undefined;
}

function stopsOf(
  scope: string | undefined,
  spending: ScopeSpending | undefined,
  budget: ResolvedBudget | undefined,
  atMs: number,
): readonly BudgetStop[] {
  if (spending === undefined || budget?.whenSpent !== 'stop') return [];
  return periodsOf(budget)
    .filter((period) => isOn(spending[period], atMs) && levelOf(spending[period], budget, period) === 'spent')
    .map((period) => ({
      ...figuresOf(spending[period], scope, period, budget),
      retryAfterMs: spending[period].endMs - atMs,
    }));
}
