import type { WaitingAttempt } from './waiting-attempt.js';

/** Waiting attempts by the moment after which they cannot be served in time: a binary heap that anyone may leave. */
export class LastStartHeap {
  readonly #heap: WaitingAttempt[] = [];

  get first(): WaitingAttempt | undefined {
    return this.#heap[0];
  }

  add(attempt: WaitingAttempt): void {
    this.#put(attempt, this.#heap.length);
    this.#rise(attempt);
  }

  /** Does nothing for one that is not in it. */
  remove(attempt: WaitingAttempt): void {
    const at = attempt.heapIndex;
    if (at < 0) return;
    attempt.heapIndex = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === attempt) return;
    this.#put(last, at);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(attempt: WaitingAttempt): void {
    while (attempt.heapIndex > 0) {
      const at = attempt.heapIndex;
      const above = this.#heap[(at - 1) >> 1];
      if (above === undefined || !isSooner(attempt, above)) return;
      this.#put(attempt, above.heapIndex);
      this.#put(above, at);
    }
  }

  #sink(attempt: WaitingAttempt): void {
    for (;;) {
      const at = attempt.heapIndex;
      const left = this.#heap[2 * at + 1];
      const right = this.#heap[2 * at + 2];
      const below = left !== undefined && right !== undefined && isSooner(right, left) ? right : left;
      if (below === undefined || !isSooner(below, attempt)) return;
      this.#put(attempt, below.heapIndex);
      this.#put(below, at);
    }
  }

  #put(attempt: WaitingAttempt, at: number): void {
    this.#heap[at] = attempt;
    attempt.heapIndex = at;
  }
}

/** Of those with the same deadline, who came first. */
function isSooner(one: WaitingAttempt, other: WaitingAttempt): boolean {
  if (one.lastStartAtMs !== other.lastStartAtMs) return one.lastStartAtMs < other.lastStartAtMs;
  return one.number < other.number;
}
