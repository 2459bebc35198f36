import type { ClaudeCall } from '../call.js';
import type { Clock } from '../clock.port.js';
import type { ResolvedRetryBudgetOptions } from './retry-budget.options.js';
import { RetryBudget } from './retry-budget.js';

/** Which calls have a bound on what their retries add to the load: those whose requests nobody paces. */
export class RetryBudgets {
  readonly #unpaced: RetryBudget | undefined;

  /** @param isPacing whether requests of known platforms are paced */
  constructor(
    clock: Clock,
    options: ResolvedRetryBudgetOptions | false,
    private readonly isPacing: boolean,
  ) {
    this.#unpaced = options === false ? undefined : new RetryBudget(clock, options);
  }

  of({ targets }: Pick<ClaudeCall, 'targets'>): RetryBudget | undefined {
    const isFunction = targets[0]?.platform === undefined;
    return this.isPacing && !isFunction ? undefined : this.#unpaced;
  }
}
