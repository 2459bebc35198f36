import type { CallCompletedEvent } from '../events.js';
import { EndFacts } from './end-step.js';

/**
 * Ends of calls of which nothing need be looked up: the end is all that happened, under an id that nothing had before. They
 * are written down as they come, in places that are used again, until somebody asks; the oldest make room.
 */
export class EndInbox {
  readonly #places: (EndFacts | undefined)[] = [];
  /** Of the place that is written next. */
  #next = 0;
  #size = 0;

  /** @param capacity ends that are kept, 1 or more */
  constructor(private readonly capacity: number) {}

  put(event: CallCompletedEvent, atMs: number): void {
    const place = this.#places[this.#next];
    if (place === undefined) this.#places[this.#next] = new EndFacts(event, atMs);
    else place.note(event, atMs);
    this.#next = this.#next + 1 === this.capacity ? 0 : this.#next + 1;
    if (this.#size < this.capacity) this.#size += 1;
  }

  /** What was put last; `undefined` when nothing is there. */
  get newest(): EndFacts | undefined {
    return this.#size === 0 ? undefined : this.#places[(this.#next + this.capacity - 1) % this.capacity];
  }

  /** Gives all of them away, the oldest first. */
  drain(take: (facts: EndFacts) => void): void {
    for (; this.#size > 0; this.#size -= 1) {
      const at = (this.#next - this.#size + this.capacity) % this.capacity;
      const facts = this.#places[at];
      this.#places[at] = undefined;
      if (facts !== undefined) take(facts);
    }
  }
}
