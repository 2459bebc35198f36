import { AsyncLocalStorage } from 'node:async_hooks';
import { NewestQueue } from '../core/newest-queue.js';
import { SubscriberTrouble } from '../core/subscriber-trouble.js';
import type { ClaudeEvent } from '../core/events.js';

/** Events that wait for one subscriber; then the oldest goes. */
export const MOST_WAITING = 1_000;
/** Promises of one subscriber that may be open; then its events wait. */
export const MOST_UNSETTLED = 100;

/** What a subscriber does with an event. A promise it returns may be rejected, and may take its time. */
export type EventTaker = (event: ClaudeEvent) => unknown;

/** What it tells of itself. */
export interface SubscriberHooks {
  readonly failed: (error: unknown) => void;
  /** One of many open promises is settled: it may have the next event. */
  readonly hasRoom: () => void;
}

/** One subscriber, and what it has not heard yet. */
export class EventSubscriber {
  readonly trouble = new SubscriberTrouble();
  /** Whether its last event kept everybody else waiting. */
  isSlow = false;
  readonly #waiting = new NewestQueue<ClaudeEvent>(MOST_WAITING);
  /** Whatever it does belongs to whoever subscribed it, and not to the call that it hears of. */
  readonly #inItsContext = AsyncLocalStorage.snapshot();
  #unsettled = 0;
  #isOver = false;

  constructor(
    readonly name: string,
    private readonly take: EventTaker,
  ) {}

  get isReady(): boolean {
    return this.#waiting.size > 0 && this.#unsettled < MOST_UNSETTLED;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** @returns how many events had to go */
  hear(event: ClaudeEvent): number {
    return this.#isOver ? 0 : this.#waiting.push(event);
  }

  /** Tells it of the next event. Never throws. */
  next(hooks: SubscriberHooks): void {
    const event = this.#waiting.take();
    if (event === undefined) return;
    try {
      const returned: unknown = this.#inItsContext(this.take, event);
      if (isPromise(returned)) this.#await(returned, hooks);
    } catch (error) {
      hooks.failed(error);
    }
  }

  /** It hears no more, not even of what it has missed. */
  leave(): void {
    this.#isOver = true;
    this.#waiting.clear();
  }

  #await(promise: PromiseLike<unknown>, { failed, hasRoom }: SubscriberHooks): void {
    this.#unsettled++;
    const settled = () => {
      if (this.#unsettled-- === MOST_UNSETTLED) hasRoom();
    };
    promise.then(settled, (error: unknown) => {
      settled();
      failed(error);
    });
  }
}

/** By shape: it may come from another realm, or another library. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
