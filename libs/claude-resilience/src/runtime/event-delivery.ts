import type { Clock } from '../core/clock.port.js';
import type { ClaudeEvent, EventHub } from '../core/events.js';
import { freezeDeeply } from '../core/freeze-deeply.js';
import type { SubscriberTrouble, TroubleReport } from '../core/subscriber-trouble.js';
import { EventSubscriber, type EventTaker } from './event-subscriber.js';

/** After so many milliseconds with subscribers, everything else has its turn before the next event. */
const TURN_MS = 5;

/**
 * Brings events to the application's subscribers. A call pays for a place in a queue: they run after it, in the same turn as
 * long as they are quick; one that was slow hears of the next event once everything else had its turn. Each has its own
 * bounded queue. Events are frozen: others read them, too.
 */
export class EventDelivery {
  readonly #subscribers = new Set<EventSubscriber>();
  /** Who has something to hear, and whose turn it is first. */
  readonly #soon = new Set<EventSubscriber>();
  readonly #later = new Set<EventSubscriber>();
  #isSoonUnderWay = false;
  #isLaterUnderWay = false;
  #stopHearing: (() => void) | undefined;
  #isClosed = false;
  #droppedEvents = 0;

  constructor(
    private readonly hub: EventHub,
    private readonly clock: Clock,
  ) {}

  /** Events that subscribers never heard, since they were too slow; each counts for each of them. */
  get droppedEvents(): number {
    return this.#droppedEvents;
  }

  /** @returns a function that ends it, at once, also in the midst of a delivery */
  add(name: string, take: EventTaker): () => void {
    if (this.#isClosed) return () => {};
    const subscriber = new EventSubscriber(name, take);
    this.#subscribers.add(subscriber);
    this.#stopHearing ??= this.hub.subscribe((event) => this.#hear(event));
    return () => this.#remove(subscriber);
  }

  /** Somebody has lost an event. */
  lost(name: string, trouble: SubscriberTrouble): void {
    this.#droppedEvents++;
    this.#tell(name, trouble.dropped(this.clock.nowMs()));
  }

  /** Somebody threw. */
  failed(name: string, trouble: SubscriberTrouble, error: unknown): void {
    this.#tell(name, trouble.failed(this.clock.nowMs(), error));
  }

  /** Nothing more will become of it. */
  left(name: string, trouble: SubscriberTrouble): void {
    this.#tell(name, trouble.rest(this.clock.nowMs()));
  }

  /** Hands out what waits by now, and ends all subscriptions. */
  close(): void {
    this.#isClosed = true;
    for (const subscriber of this.#subscribers) {
      for (let left = subscriber.waiting; left > 0; left--) this.#next(subscriber);
      this.#remove(subscriber);
    }
  }

  #hear(event: ClaudeEvent): void {
    freezeDeeply(event);
    for (const subscriber of this.#subscribers) {
      if (subscriber.hear(event) > 0) this.lost(subscriber.name, subscriber.trouble);
      this.#queue(subscriber);
    }
  }

  #queue(subscriber: EventSubscriber): void {
    if (!subscriber.isReady) return;
    if (subscriber.isSlow) this.#queueLater(subscriber);
    else this.#queueSoon(subscriber);
  }

  #queueSoon(subscriber: EventSubscriber): void {
    this.#soon.add(subscriber);
    if (this.#isSoonUnderWay) return;
    this.#isSoonUnderWay = true;
    queueMicrotask(() => {
      this.#deliver(this.#soon);
      this.#isSoonUnderWay = false;
      for (const left of this.#soon) this.#queueLater(left);
      this.#soon.clear();
    });
  }

  #queueLater(subscriber: EventSubscriber): void {
    this.#later.add(subscriber);
    if (this.#isLaterUnderWay) return;
    this.#isLaterUnderWay = true;
    setImmediate(() => {
      this.#isLaterUnderWay = false;
      this.#deliver(this.#later);
      for (const left of this.#later) this.#queueLater(left);
    });
  }

  /** One event each, round by round, until all have heard everything or the time is over. */
  #deliver(queue: Set<EventSubscriber>): void {
    const untilMs = this.clock.nowMs() + TURN_MS;
    // A set goes on with what is added on the way: whoever has more stands at the end again.
    for (const subscriber of queue) {
      queue.delete(subscriber);
      this.#next(subscriber);
      if (subscriber.isReady && subscriber.isSlow) this.#queueLater(subscriber);
      else if (subscriber.isReady) queue.add(subscriber);
      if (this.clock.nowMs() >= untilMs) return;
    }
  }

  #next(subscriber: EventSubscriber): void {
    const { name, trouble } = subscriber;
    const beganAtMs = this.clock.nowMs();
    subscriber.next({
      failed: (error) => this.failed(name, trouble, error),
      hasRoom: () => this.#queue(subscriber),
    });
    const nowMs = this.clock.nowMs();
    subscriber.isSlow = nowMs - beganAtMs > TURN_MS;
    if (subscriber.waiting === 0) this.#tell(name, trouble.due(nowMs));
  }

  #remove(subscriber: EventSubscriber): void {
    if (!this.#subscribers.delete(subscriber)) return;
    subscriber.leave();
    this.#soon.delete(subscriber);
    this.#later.delete(subscriber);
    this.left(subscriber.name, subscriber.trouble);
    if (this.#subscribers.size > 0) return;
    this.#stopHearing?.();
    this.#stopHearing = undefined;
  }

  #tell(subscriber: string, report: TroubleReport | undefined): void {
    if (report !== undefined) this.hub.emit({ type: 'subscriber.troubled', subscriber, ...report });
  }
}
