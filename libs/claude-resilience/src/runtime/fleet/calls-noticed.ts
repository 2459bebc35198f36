import type { CircuitTally } from '../../core/circuit/circuit-tally.js';

/** When calls came to a circuit, as of the beats of the fleet: nothing is noted on the way of a call. */
export class CallsNoticed {
  /** When one began. */
  arrivedAtMs = -Infinity;
  /** When one began, or one that waits asked again. */
  askedAtMs = -Infinity;
  #before = { arrivals: 0, returns: 0 };

  notice({ arrivals, returns }: CircuitTally, nowMs: number): void {
    if (arrivals > this.#before.arrivals) this.arrivedAtMs = this.askedAtMs = nowMs;
    if (returns > this.#before.returns) this.askedAtMs = nowMs;
    this.#before = { arrivals, returns };
  }
}
