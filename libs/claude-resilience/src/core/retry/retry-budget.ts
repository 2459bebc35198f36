import type { Clock } from '../clock.port.js';
import { RETRY_BUDGET_DEFAULTS, type ResolvedRetryBudgetOptions } from './retry-budget.options.js';

/** What is not used is kept for so long, in milliseconds. */
const KEPT_MS = 10_000;
/** It ages in steps of at least so many milliseconds: an exponential for each call would cost more than all else here. */
const STEP_MS = 1;

/**
 * A bound on what retries add to the load, for clients whose requests nobody paces: a share of the calls. A retry is paid
 * for when it is decided, so those that still sleep count.
 */
export class RetryBudget {
  #balance: number;
  #atMs: number;
  /** Calls of the last `KEPT_MS`, as a decaying sum: what may be saved. */
  #calls = 0;

  constructor(
    private readonly clock: Clock,
    private readonly options: ResolvedRetryBudgetOptions = RETRY_BUDGET_DEFAULTS,
  ) {
    this.#atMs = clock.nowMs();
    this.#balance = this.#most();
  }

  /** A call begins. @param nowMs by `Clock.nowMs`, from whoever has just looked */
  deposit(nowMs?: number): void {
    this.#age(nowMs);
    this.#calls++;
    this.#balance = Math.min(this.#most(), this.#balance + this.options.ratio);
  }

  /** @returns whether there is one retry left, and takes it */
  withdraw(): boolean {
    this.#age();
    if (this.#balance < 1) return false;
    this.#balance--;
    return true;
  }

  #age(nowMs = this.clock.nowMs()): void {
    const passedMs = nowMs - this.#atMs;
    if (passedMs < STEP_MS) return; // kept for the next step; a clock that goes back stands still
    this.#atMs = nowMs;
    this.#calls *= Math.exp(-passedMs / KEPT_MS);
    this.#balance = Math.min(this.#most(), this.#balance + (passedMs / 1000) * this.options.perSecond);
  }

  #most(): number {
    const { ratio, perSecond } = this.options;
    return (perSecond * KEPT_MS) / 1000 + this.#calls * ratio;
  }
}
