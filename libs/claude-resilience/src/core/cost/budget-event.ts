import type { BudgetStatus } from './budget.js';

/** Told once in each hour and day for each budget (R34). */
export type BudgetEvent = BudgetWarnedEvent | BudgetSpentEvent;

/** A share of a budget that is warned about is spent. */
export interface BudgetWarnedEvent extends BudgetStatus {
  readonly type: 'budget.warned';
}

/** All of a budget is spent. */
export interface BudgetSpentEvent extends BudgetStatus {
  readonly type: 'budget.spent';
}
