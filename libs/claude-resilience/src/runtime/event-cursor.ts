import type { ClaudeEvent } from '../core/events.js';
import { NewestQueue } from '../core/newest-queue.js';
import { SubscriberTrouble } from '../core/subscriber-trouble.js';

type Result<E> = IteratorResult<E, undefined>;

const OVER: Result<never> = Object.freeze({ done: true, value: undefined });

/** Events for a `for await`: kept while their reader is busy, the newest of them, and no more than it has asked for. */
export class EventCursor<E extends ClaudeEvent> implements AsyncIterableIterator<E, undefined> {
  readonly trouble = new SubscriberTrouble();
  readonly #kept: NewestQueue<E>;
  /** Who asked before there was anything. */
  #waiting: readonly ((result: Result<E>) => void)[] = [];
  #isOver = false;

  /**
   * @param mostKept events that are kept
   * @param onLost an event had to go
   * @param onOver nobody reads any more
   */
  constructor(
    mostKept: number,
    private readonly onLost: (trouble: SubscriberTrouble) => void,
    private readonly onOver: () => void,
  ) {
    this.#kept = new NewestQueue(mostKept);
  }

  put(event: E): void {
    if (this.#isOver) return;
    const [first, ...others] = this.#waiting;
    if (first !== undefined) {
      this.#waiting = others;
      first({ done: false, value: event });
    } else if (this.#kept.push(event) > 0) {
      this.onLost(this.trouble);
    }
  }

  /** Nothing more will come; what is kept may still be read. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const resolve of this.#waiting) resolve(OVER);
    this.#waiting = [];
    this.onOver();
  }

  next(): Promise<Result<E>> {
    const kept = this.#kept.take();
    if (kept !== undefined) return Promise.resolve({ done: false, value: kept });
    if (this.#isOver) return Promise.resolve(OVER);
    return new Promise((resolve) => (this.#waiting = [...this.#waiting, resolve]));
  }

  return(): Promise<Result<E>> {
    this.#kept.clear();
    this.end();
    return Promise.resolve(OVER);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
