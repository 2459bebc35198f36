import type { Clock } from '../clock.port.js';

/** Retries that each call pays for: a fifth of one. Source: the usual 10 to 20 % of load that retries may add. */
const RATIO = 0.2;
/** Retries that are there whatever the traffic, a second: at a few calls a minute a share of them is nothing. */
const LEAST_PER_SECOND = 10;
/** What is not used is kept for so long, in milliseconds. */
const KEPT_MS = 10_000;

/**
 * A bound on what retries add to the load, for clients whose requests nobody paces: a share of the calls. A retry is paid
 * for when it is decided, so those that still sleep count.
 */
export class RetryBudget {
  #balance = (LEAST_PER_SECOND * KEPT_MS) / 1000;
  #atMs: number;
  /** Calls of the last `KEPT_MS`, as a decaying sum: what may be saved. */
  #calls = 0;

  constructor(private readonly clock: Clock) {
    this.#atMs = clock.nowMs();
  }

  /** A call begins. */
  deposit(): void {
    this.#age();
    this.#calls++;
    this.#balance = Math.min(this.#most(), this.#balance + RATIO);
  }

  /** @returns whether there is one retry left, and takes it */
  withdraw(): boolean {
    this.#age();
    if (this.#balance < 1) return false;
    this.#balance--;
    return true;
  }

  #age(): void {
    const nowMs = this.clock.nowMs();
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#calls *= Math.exp(-passedMs / KEPT_MS);
    this.#balance = Math.min(this.#most(), this.#balance + (passedMs / 1000) * LEAST_PER_SECOND);
  }

  #most(): number {
    return (LEAST_PER_SECOND * KEPT_MS) / 1000 + this.#calls * RATIO;
  }
}
