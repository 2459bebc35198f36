import type { Clock } from '../clock.port.js';
import { budgetStatuses, budgetStop, noteSpending, NO_SPENDING, type BudgetStatus, type BudgetStop } from './budget.js';
import type { BudgetEvent } from './budget-event.js';
import { NO_COST, sumOfCosts, type CostSum } from './cost-sum.js';
import type { ResolvedCostOptions } from './cost.options.js';
import type { MeteredRequest } from './metered-usage.js';
import { plusPicoUsd, NO_MONEY, PICO_USD_PER_USD } from './money.js';

/** What was spent before this process began, so that a restart does not fill a budget anew. */
export interface EarlierSpending {
  readonly workflow: string;
  readonly usd: number;
  /** Wall-clock milliseconds. */
  readonly atMs: number;
}

/** What calls cost, and what may still be spent (R34). */
export class Costs {
  #state = NO_SPENDING;
  readonly #hasBudgets: boolean;
  readonly #mayStop: boolean;

  constructor(
    private readonly options: ResolvedCostOptions,
    private readonly clock: Clock,
    private readonly tell: (event: BudgetEvent) => void,
  ) {
    const { overall, workflows } = options.budgets;
    const budgets = [...(overall === undefined ? [] : [overall]), ...workflows.values()];
    this.#hasBudgets = budgets.length > 0;
    this.#mayStop = budgets.some(({ whenSpent }) => whenSpent === 'stop');
  }

  /** What requests cost together; what has no price is counted in it, and is no zero. */
  of(requests: readonly MeteredRequest[]): CostSum {
    return sumOfCosts(requests, this.options.prices);
  }

  /** Books what was spent just now. */
  book(workflow: string, cost: CostSum): void {
    if (this.#hasBudgets) this.#note(workflow, cost, this.clock.wallMs()).forEach((event) => this.tell(event));
  }

  /** Books what was spent before, of which nobody is told again: the oldest first, and before anything else is booked. */
  remember(earlier: readonly EarlierSpending[]): void {
    if (!this.#hasBudgets) return;
    for (const { workflow, usd, atMs } of earlier) {
      const exact = plusPicoUsd(NO_MONEY, Math.round(usd * PICO_USD_PER_USD));
      this.#note(workflow, { ...NO_COST, exact }, atMs);
    }
  }

  /** Why a call of a workflow must not be sent now; `undefined`: it may. */
  stopFor(workflow: string): BudgetStop | undefined {
    return this.#mayStop ? budgetStop(this.#state, workflow, this.#now(), this.options.budgets) : undefined;
  }

  /** All budgets, used or not. */
  statuses(): readonly BudgetStatus[] {
    return this.#hasBudgets ? budgetStatuses(this.#state, this.#now(), this.options.budgets) : [];
  }

  #note(workflow: string, cost: CostSum, atMs: number): readonly BudgetEvent[] {
    const { state, notices } = noteSpending(this.#state, { workflow, cost, atMs }, this.options.budgets);
    this.#state = state;
    return notices.map(({ level, ...figures }) =>
      level === 'spent' ? { type: 'budget.spent', ...figures } : { type: 'budget.warned', ...figures },
    );
  }

  #now(): number {
    return this.clock.wallMs();
  }
}
