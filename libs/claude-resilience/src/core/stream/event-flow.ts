import type { WireResult } from '../call.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import type { Giver, Hands } from './hand-over-hand.js';
import type { Splice } from './splice.js';
import type { StreamEvent, StreamNotice } from './stream-event.js';
import type { StreamProgress } from './stream-progress.js';
import type { StreamTally } from './stream-tally.js';
import type { EventIterator } from './stream-transport.port.js';
import type { StreamWatch } from './stream-watch.js';

/** How the events of one request ended; `cut_off`: in the middle of a sentence, however good the order. */
export type FlowEnd = WireResult<undefined> | 'cut_off';

/** What the events of one request pass on their way to the reader. */
export interface FlowRoom<E extends StreamEvent> {
  readonly splice: Splice<E>;
  readonly progress: StreamProgress;
  readonly sink: Hands<E | StreamNotice>;
  /** Longest silence between two events, in milliseconds. */
  readonly idleMs: number;
  readonly tally: StreamTally<E>;
  readonly watch: StreamWatch;
}

/**
 * Passes the events of one request on, from the first to the last: the next is asked for when the reader has the one
 * before. All of it happens for each word of an answer: it makes no promise, nor an object, but what `next()` gives.
 */
export class EventFlow<E extends StreamEvent> implements Giver<E | StreamNotice> {
  readonly #isInStock: boolean;
  /** What is left of what one event became. */
  #due: readonly (E | StreamNotice)[] = NOTHING;
  #dueAt = 0;
  #isLast = false;
  #end: (end: FlowEnd) => void = () => {};
  #break: (error: unknown) => void = () => {};
  readonly #onNext = (result: IteratorResult<E, unknown>) => this.#arrived(result);
  readonly #onError = (error: unknown) => {
    if (this.room.watch.end()) this.#break(error);
  };

  constructor(
    private readonly events: EventIterator<E>,
    private readonly room: FlowRoom<E>,
  ) {
    this.#isInStock = events.nextAtHand !== undefined;
  }

  /** The first event is waited for already. @throws what the API breaks off with, or whoever reads it stumbles over */
  run(): Promise<FlowEnd> {
    return new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#break = reject;
      this.#await();
    });
  }

  taken(item: E | StreamNotice): void {
    this.room.progress.observe(item);
    this.#goOn();
  }

  refused(): void {
    this.#end(failed({ from: 'abort' }));
  }

  #arrived(result: IteratorResult<E, unknown>): void {
    if (!this.room.watch.end()) return; // too late, and dropped
    if (result.done === true) return this.#end('cut_off');
    try {
      if (!this.#pass(result.value)) return;
    } catch (error) {
      return this.#break(error);
    }
    this.#goOn();
  }

  /** As far as the reader takes it and it is there. */
  #goOn(): void {
    try {
      while (this.#giveDue()) {
        const event = this.#isInStock ? this.events.nextAtHand?.() : undefined;
        if (event === undefined) return this.#ask();
        if (!this.#pass(event)) return;
      }
    } catch (error) {
      this.#break(error);
    }
  }

  #ask(): void {
    this.room.watch.begin('silence', this.room.idleMs);
    this.#await();
  }

  /** Others' iterators may give what is no promise, or one of their own. */
  #await(): void {
    Promise.resolve(this.events.next()).then(this.#onNext, this.#onError);
  }

  /** @returns whether the reader took all that it became */
  #pass(event: E): boolean {
    const { type } = event;
    if (type === 'content_block_delta' && this.room.splice.isOpen) return this.#givePiece(event);
    if (type === 'ping') return true; // somebody is there: the silence begins anew
    this.room.tally.observe(event);
    if (event.delta?.stop_reason === 'refusal') {
      this.#end(failed(refused(event)));
      return false;
    }
    this.#isLast = type === 'message_stop';
    this.#due = this.room.splice.accept(event);
    this.#dueAt = 0;
    return this.#giveDue();
  }

  /** A piece of content where the answer is under way: nothing can become of it but itself. */
  #givePiece(event: E): boolean {
    this.room.tally.piece(event);
    if (!this.room.sink.give(event, this)) return false;
    this.room.progress.piece(event);
    return true;
  }

  #giveDue(): boolean {
    while (this.#dueAt < this.#due.length) {
      const item = this.#due[this.#dueAt++];
      if (item !== undefined && !this.#give(item)) return false;
    }
    if (this.#isLast) this.#end(DONE);
    return !this.#isLast;
  }

  #give(item: E | StreamNotice): boolean {
    if (!this.room.sink.give(item, this)) return false;
    this.room.progress.observe(item);
    return true;
  }
}

const NOTHING: readonly never[] = Object.freeze([]);
export const DONE: WireResult<undefined> = Object.freeze({ ok: true, value: undefined });

export function failed(facts: FailureFacts): WireResult<never> {
  return { ok: false, facts, cause: undefined };
}

function refused({ delta }: StreamEvent): FailureFacts {
  const category = delta?.stop_details?.category;
  return { from: 'refusal', ...(typeof category === 'string' && { category }) };
}
