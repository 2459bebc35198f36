/** How a ramp goes up. Rates are admissions a millisecond. */
export interface RampPlan {
  readonly startPerMs: number;
  /** The rate at which it is over. */
  readonly targetPerMs: number;
  /** Factor per window of successes, above 1. */
  readonly growth: number;
  /** A window lasts at least this long. */
  readonly minWindowMs: number;
}

/** It never gets slower than this part of its start, nor than one a second: somebody must find out whether it is over. */
const FLOOR_RATIO = 0.5;
const FLOOR_PER_MS = 0.001;
/** A window has as many results as half a second sends, and at least two. */
const WINDOW_MS = 500;
const MIN_RESULTS = 2;
/** From this share of successes on the rate grows in full; below the second it is halved; between them it feels its way. */
const GOOD_RATIO = 0.8;
const BAD_RATIO = 0.3;
const CAREFUL_GROWTH = 1.2;
/** A timer that is late may make up for this much. */
const CATCH_UP_MS = 20;

/**
 * Slowly back to work after an outage, or after growing too fast: a rate that rises with each window of observed
 * successes, not with the clock. Only results of attempts that went at the present rate say anything about it, so a
 * window takes at least one answer's time: a fast server is trusted fast.
 */
export class Ramp {
  #perMs: number;
  #nextAtMs = -Infinity;
  #windowFromMs: number;
  #results = 0;
  #successes = 0;

  constructor(
    private readonly plan: RampPlan,
    nowMs: number,
  ) {
    this.#perMs = plan.startPerMs;
    this.#windowFromMs = nowMs;
  }

  get perMs(): number {
    return this.#perMs;
  }

  get isOver(): boolean {
    return this.#perMs >= this.plan.targetPerMs;
  }

  nextAtMs(nowMs: number): number {
    return Math.max(nowMs, this.#nextAtMs);
  }

  went(nowMs: number): void {
    const isLate = nowMs - this.#nextAtMs > CATCH_UP_MS;
    this.#nextAtMs = (isLate ? nowMs : this.#nextAtMs) + 1 / this.#perMs;
  }

  ended(succeeded: boolean, admittedAtMs: number, nowMs: number): void {
    if (admittedAtMs < this.#windowFromMs) return;
    this.#results++;
    if (succeeded) this.#successes++;
    const isFull = this.#results >= Math.max(MIN_RESULTS, Math.ceil(this.#perMs * WINDOW_MS));
    if (!isFull || nowMs - this.#windowFromMs < this.plan.minWindowMs) return;
    const floorPerMs = Math.max(FLOOR_PER_MS, this.plan.startPerMs * FLOOR_RATIO);
    this.#enter(Math.max(floorPerMs, this.#perMs * this.#factor(this.#successes / this.#results)), nowMs);
  }

  /** Somebody knows that it is over now: what failed before does not count. */
  restart(nowMs: number): void {
    this.#enter(Math.max(this.#perMs, this.plan.startPerMs), nowMs);
  }

  #enter(perMs: number, nowMs: number): void {
    this.#perMs = perMs;
    this.#windowFromMs = nowMs;
    this.#results = this.#successes = 0;
    this.#nextAtMs = Math.min(this.#nextAtMs, nowMs + 1 / perMs);
  }

  #factor(ratio: number): number {
    if (ratio >= GOOD_RATIO) return this.plan.growth;
    return ratio >= BAD_RATIO ? Math.min(CAREFUL_GROWTH, this.plan.growth) : 0.5;
  }
}
