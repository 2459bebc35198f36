import type { BudgetStatus } from './budget.js';

/** A share of a budget that is warned about is spent, or all of it is (R34). Told once in each hour and day. */
export interface BudgetEvent extends BudgetStatus {
  readonly type: 'budget.warned' | 'budget.spent';
}
