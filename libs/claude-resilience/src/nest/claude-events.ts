import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { ClaudeEvent, ClaudeEventOf, ClaudeEventType } from '../core/events.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { OptionReader, show } from '../core/option-reader.js';
import { SubscriberTrouble } from '../core/subscriber-trouble.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { EventCursor } from '../runtime/event-cursor.js';
import { EventDelivery } from '../runtime/event-delivery.js';
import { HarmlessObservable } from './harmless-observable.js';

/** What is heard of an event; a promise may be rejected, and nobody waits for it. */
type Listener<E> = (event: E) => unknown;

/** How events are read one after the other. */
export interface ClaudeEventsWish<T extends ClaudeEventType = ClaudeEventType> {
  /** Kinds of events. @default all */
  readonly types?: readonly T[];
  /** Events that are kept while the reader is busy, 1 to 100 000; then the oldest goes. @default 1_000 */
  readonly buffer?: number;
  /** Ends the reading; what is kept may still be read. */
  readonly signal?: AbortSignal;
}

const MOST_BUFFERED = 100_000;

/**
 * What happens to calls, circuits, requests, alerts and the rest, as it happens. Subscribers cannot harm a call, nor each
 * other: they run after what they hear of, outside its context; what they throw is caught; who is too slow misses the oldest of more
 * than a thousand events; and events are frozen. Such trouble is an event, too: `subscriber.troubled`. All subscriptions
 * end when the application does.
 */
@Injectable()
export class ClaudeEvents implements OnApplicationShutdown {
  readonly #delivery: EventDelivery;
  readonly #atTheEnd = new Set<() => void>();

  constructor(@Inject(ClaudeRuntime) { events, clock }: ClaudeRuntime) {
    this.#delivery = new EventDelivery(events, clock);
  }

  /** Events that subscribers were too slow for, since the start. */
  get dropped(): number {
    return this.#delivery.droppedEvents;
  }

  /** @returns a function that ends the subscription, at once */
  subscribe(listener: Listener<ClaudeEvent>): () => void {
    return this.#delivery.add(nameOf(listener), listener);
  }

  /**
   * The events of one kind.
   *
   * @returns a function that ends the subscription, at once
   */
  on<T extends ClaudeEventType>(type: T, listener: Listener<ClaudeEventOf<T>>): () => void {
    return this.#delivery.add(nameOf(listener), (event) => (isOf([type], event) ? listener(event) : undefined));
  }

  /** The same as an observable, which completes when the application ends. */
  stream(): Observable<ClaudeEvent> {
    const trouble = new SubscriberTrouble();
    return new HarmlessObservable<ClaudeEvent>(
      (error) => this.#delivery.failed('observable', trouble, error),
      (subscriber) => {
        const end = () => subscriber.complete();
        const stop = this.#delivery.add('observable', (event) => subscriber.next(event));
        this.#atTheEnd.add(end);
        return () => {
          this.#atTheEnd.delete(end);
          stop();
        };
      },
    );
  }

  /**
   * One event after the other, for `for await`: the next one when its reader is done with the last. Leaving the loop ends it.
   *
   * @throws {ClaudeInvalidOptionsError}
   */
  read<T extends ClaudeEventType = ClaudeEventType>(
    wish: ClaudeEventsWish<T> = {},
  ): AsyncIterableIterator<ClaudeEventOf<T>, undefined> {
    const { types, buffer, signal } = readWish(wish);
    const cursor = new EventCursor<ClaudeEventOf<T>>(
      buffer,
      (trouble) => this.#delivery.lost('iterator', trouble),
      () => {
        stop();
        signal?.removeEventListener('abort', end);
        this.#atTheEnd.delete(end);
        this.#delivery.left('iterator', cursor.trouble);
      },
    );
    const end = () => cursor.end();
    const stop = this.#delivery.add('iterator', (event) => {
      if (types === undefined || isOf(types as readonly T[], event)) cursor.put(event as ClaudeEventOf<T>);
    });
    this.#atTheEnd.add(end);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted === true) end();
    return cursor;
  }

  /** All events, for `for await`. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ClaudeEvent, undefined> {
    return this.read();
  }

  onApplicationShutdown(): void {
    this.#delivery.close();
    for (const end of this.#atTheEnd) end();
  }
}

function isOf<T extends ClaudeEventType>(types: readonly T[], event: ClaudeEvent): event is ClaudeEventOf<T> {
  return (types as readonly ClaudeEventType[]).includes(event.type);
}

function nameOf(listener: unknown): string {
  if (typeof listener !== 'function')
    throw new ClaudeInvalidOptionsError([`listener: a function, got ${show(listener)}`]);
  return listener.name === '' ? 'listener' : listener.name;
}

function readWish({ types, buffer, signal }: ClaudeEventsWish) {
  const issues: string[] = [];
  const read = new OptionReader('', { buffer }, issues);
  const wish = { types, signal, buffer: read.integer('buffer', 1_000, { min: 1, max: MOST_BUFFERED }) };
  if (types !== undefined && !Array.isArray(types)) issues.push(`types: a list of kinds of events, got ${show(types)}`);
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return wish;
}
