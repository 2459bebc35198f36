import type { ClaudeCall } from '../call.js';
import type { Clock } from '../clock.port.js';
import { RetryBudget } from './retry-budget.js';

/** Which calls have a bound on what their retries add to the load: those whose requests nobody paces. */
export class RetryBudgets {
  readonly #unpaced: RetryBudget;

  /** @param isPacing whether requests of known platforms are paced */
  constructor(
    clock: Clock,
    private readonly isPacing: boolean,
  ) {
    this.#unpaced = new RetryBudget(clock);
  }

  of({ targets }: Pick<ClaudeCall, 'targets'>): RetryBudget | undefined {
    const isFunction = targets[0]?.platform === undefined;
    return this.isPacing && !isFunction ? undefined : this.#unpaced;
  }
}
