import { LastStartHeap } from './last-start-heap.js';
import type { WaitingAttempt } from './waiting-attempt.js';

/**
 * Attempts of one rank in the order of their arrival, a linked list, so that anyone may leave at any time at no cost; and
 * those with a deadline in the order of that.
 */
export class Lane {
  #oldest: WaitingAttempt | undefined;
  #newest: WaitingAttempt | undefined;
  #size = 0;
  readonly #deadlines = new LastStartHeap();

  get size(): number {
    return this.#size;
  }

  get oldest(): WaitingAttempt | undefined {
    return this.#oldest;
  }

  get newest(): WaitingAttempt | undefined {
    return this.#newest;
  }

  /** Whose last start comes first; `undefined` when nobody has a deadline. */
  get mostHurried(): WaitingAttempt | undefined {
    return this.#deadlines.first;
  }

  get hurried(): WaitingAttempt | undefined {
    return this.#deadlines.first ?? this.#oldest;
  }

  add(attempt: WaitingAttempt): void {
    attempt.older = this.#newest;
    attempt.newer = undefined;
    if (this.#newest === undefined) this.#oldest = attempt;
    else this.#newest.newer = attempt;
    this.#newest = attempt;
    if (attempt.lastStartAtMs !== Infinity) this.#deadlines.add(attempt);
    this.#size++;
  }

  /** @param attempt one that is in this lane */
  remove(attempt: WaitingAttempt): void {
    const { older, newer } = attempt;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    attempt.older = attempt.newer = undefined;
    this.#deadlines.remove(attempt);
    this.#size--;
  }
}
