import type { Clock } from '../clock.port.js';
import {
  bookedParts,
  budgetStatuses,
  budgetStop,
  noteOthers,
  noteSpending,
  NO_SPENDING,
  type BudgetPart,
  type BudgetStatus,
  type BudgetStop,
  type Noted,
} from './budget.js';
import type { BudgetEvent } from './budget-event.js';
import { NO_COST, sumOfCosts, type CostSum } from './cost-sum.js';
import type { ResolvedCostOptions } from './cost.options.js';
import type { MeteredRequest } from './metered-usage.js';
import { PlainCosts } from './plain-costs.js';
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
  #hasBooked = false;
  #teller: (event: BudgetEvent) => void;
  /** Whether anything may be spent only up to a bound: else nothing need be booked. */
  readonly hasBudgets: boolean;
  readonly #mayStop: boolean;
  readonly #plain: PlainCosts;

  constructor(
    private readonly options: ResolvedCostOptions,
    private readonly clock: Clock,
    tell: (event: BudgetEvent) => void,
  ) {
    this.#teller = tell;
    this.#plain = new PlainCosts(options.prices);
    const { overall, workflows } = options.budgets;
    const budgets = [...(overall === undefined ? [] : [overall]), ...workflows.values()];
    this.hasBudgets = budgets.length > 0;
    this.#mayStop = budgets.some(({ whenSpent }) => whenSpent === 'stop');
  }

  /** What requests cost together; what has no price is counted in it, and is no zero. */
  of(requests: readonly MeteredRequest[]): CostSum {
    const [first] = requests;
    const plain = first !== undefined && requests.length === 1 ? this.#plain.of(first) : undefined;
    return plain ?? sumOfCosts(requests, this.options.prices);
  }

  /** Books what was spent just now. */
  book(workflow: string, cost: CostSum): void {
    if (!this.hasBudgets) return;
    this.#hasBooked = true;
    this.#tell(noteSpending(this.#state, { workflow, cost, atMs: this.#now() }, this.options.budgets));
  }

  /** What this process itself has spent of every budget, for other replicas. */
  booked(): readonly BudgetPart[] {
    return this.hasBudgets ? bookedParts(this.#state, this.#now(), this.options.budgets) : [];
  }

  /** What other replicas have spent: budgets stop and warn by both together. */
  hearOthers(others: readonly BudgetPart[]): void {
    if (this.hasBudgets) this.#tell(noteOthers(this.#state, others, this.#now(), this.options.budgets));
  }

  /** Gives events to somebody who sees to it that only one replica tells them. */
  tellThrough(tell: (event: BudgetEvent) => void): void {
    this.#teller = tell;
  }

  /** Books what was spent before, of which nobody is told again: the oldest first, and before anything else is booked. */
  remember(earlier: readonly EarlierSpending[]): void {
    if (!this.hasBudgets) return;
    // What was heard of other replicas is heard again; before what is older it would make that look new.
    if (!this.#hasBooked) this.#state = NO_SPENDING;
    for (const { workflow, usd, atMs } of earlier) {
      const exact = plusPicoUsd(NO_MONEY, Math.round(usd * PICO_USD_PER_USD));
      const spending = { workflow, cost: { ...NO_COST, exact }, atMs, isEarlier: true };
      this.#state = noteSpending(this.#state, spending, this.options.budgets).state;
    }
  }

  /** Why a call of a workflow must not be sent now; `undefined`: it may. */
  stopFor(workflow: string): BudgetStop | undefined {
    return this.#mayStop ? budgetStop(this.#state, workflow, this.#now(), this.options.budgets) : undefined;
  }

  /** All budgets, used or not. */
  statuses(): readonly BudgetStatus[] {
    return this.hasBudgets ? budgetStatuses(this.#state, this.#now(), this.options.budgets) : [];
  }

  #tell({ state, notices }: Noted): void {
    this.#state = state;
    for (const { level, ...figures } of notices) {
      this.#teller({ type: level === 'spent' ? 'budget.spent' : 'budget.warned', ...figures });
    }
  }

  #now(): number {
    return this.clock.wallMs();
  }
}
