import type { BudgetStatus } from '../cost/budget.js';
import type { TrafficFigures, Usual } from './traffic-figures.js';

/** One workflow: its last 5 minutes, and what its last hour took. */
export interface WorkflowStatus {
  readonly workflow: string;
  readonly traffic: TrafficFigures;
  /** What 95 % of its answers usually take at most, in milliseconds. */
  readonly usualP95Ms: Usual;
  readonly hour: {
    readonly judged: number;
    /** All of the prompt, cached or not. */
    readonly inputTokens: number;
    readonly outputTokens: number;
    /** US dollars of what has a price. */
    readonly costUsd: number;
    /** Calls that used tokens and have no price here: the cost is too low by theirs. */
    readonly unpriced: number;
  };
  /** What it may cost; empty: no budget, or nobody knows. */
  readonly budgets: readonly BudgetStatus[];
}
