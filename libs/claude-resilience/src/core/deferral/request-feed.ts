import type { CancelTimer, Clock } from '../clock.port.js';
import type { DeferredRequest } from './deferred-request.js';
import { isEnded } from './deferred-request.js';
import type { RequestPhase } from './request-phase.js';

/** How a request looks at a moment. */
export interface RequestSight {
  readonly request: DeferredRequest;
  /** `undefined` once it has ended. */
  readonly phase: RequestPhase | undefined;
  /** From 1, of those that wait. */
  readonly position?: number | undefined;
  readonly expectedWaitMs?: number | undefined;
}

/** `seq` grows strictly, over restarts too; it is odd for the last event of all, which is told again to nobody. */
export interface FeedEvent extends RequestSight {
  readonly seq: number;
  readonly type: 'accepted' | 'progress' | 'ended';
  /** Wall-clock milliseconds. */
  readonly atMs: number;
}

/** Looks at the store. @returns `undefined` when there is no such request (any more) */
export type LookAtRequest = (id: string) => Promise<RequestSight | undefined>;

/** Told again after so long without a change, in milliseconds. */
const REPEAT_MS = 10_000;
/** A place in the queue that moves is told so often at most, in milliseconds. */
const POSITION_MS = 1_000;
/** Events of a request that are kept for who comes back. */
const KEPT_EVENTS = 64;

/**
 * Tells whoever watches a request how it is getting on (R28), by looking at the store: so it does not matter which process
 * works on it. Costs nothing while nobody watches.
 */
export class RequestFeed {
  readonly #channels = new Map<string, Channel>();

  /** @param pollMs between two looks at a request that is watched, in milliseconds */
  constructor(
    private readonly look: LookAtRequest,
    private readonly clock: Clock,
    private readonly pollMs = 1_000,
  ) {}

  /** Something may have become of it: whoever watches hears of it at once. */
  changed(id: string): void {
    this.#channels.get(id)?.refresh();
  }

  /**
   * What is newer than `afterSeq`; ends after the last event, when `signal` aborts, and when the feed is closed. The caller
   * has made sure that there is such a request.
   */
  async *watch(id: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<FeedEvent, void, undefined> {
    const channel = this.#channels.get(id) ?? new Channel(id, this.look, this.clock, this.pollMs);
    this.#channels.set(id, channel);
    try {
      yield* channel.watch(afterSeq, signal);
    } finally {
      if (!channel.isWatched) this.#channels.delete(id);
    }
  }

  /** Ends all watching. */
  close(): void {
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
  }
}

class Channel {
  readonly #events: FeedEvent[] = [];
  readonly #wake = new Set<() => void>();
  #watchers = 0;
  #lastSeq = 0;
  #isLooking = false;
  #isWantedAgain = false;
  #isOver = false;
  #cancelPoll: CancelTimer = () => {};

  constructor(
    private readonly id: string,
    private readonly look: LookAtRequest,
    private readonly clock: Clock,
    private readonly pollMs: number,
  ) {}

  get isWatched(): boolean {
    return this.#watchers > 0;
  }

  async *watch(afterSeq: number, signal: AbortSignal): AsyncGenerator<FeedEvent, void, undefined> {
    this.#watchers++;
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    const wake = { up: leave };
    const onWake = () => wake.up();
    this.#wake.add(onWake);
    signal.addEventListener('abort', onWake, { once: true });
    let news = left;
    let seen = afterSeq;
    // Another process may have told what this one has not: what comes now is newer in any case.
    this.#lastSeq = Math.max(this.#lastSeq, afterSeq);
    this.refresh();
    try {
      while (!signal.aborted) {
        const next = this.#events.find(({ seq }) => seq > seen);
        if (next !== undefined) {
          seen = next.seq;
          yield next;
          if (next.type === 'ended') return;
          continue;
        }
        if (this.#isOver) return;
        await news;
        const { promise, resolve } = Promise.withResolvers<void>();
        news = promise;
        wake.up = resolve;
      }
    } finally {
      this.#watchers--;
      this.#wake.delete(onWake);
      signal.removeEventListener('abort', onWake);
      if (!this.isWatched) this.#cancelPoll();
    }
  }

  close(): void {
    this.#isOver = true;
    this.#cancelPoll();
    this.#wakeAll();
  }

  refresh(): void {
    this.#isWantedAgain = true;
    if (!this.#isLooking) void this.#lookAgain();
  }

  async #lookAgain(): Promise<void> {
    this.#isLooking = true;
    this.#cancelPoll();
    while (this.#isWantedAgain && !this.#isOver) {
      this.#isWantedAgain = false;
      try {
        const sight = await this.look(this.id);
        if (sight === undefined) this.close();
        else this.#note(sight);
      } catch {
        // The store is in trouble, and told of it where it counts; the next look may succeed.
      }
    }
    this.#isLooking = false;
    if (!this.#isOver && this.isWatched) this.#cancelPoll = this.clock.after(this.pollMs, () => this.refresh());
  }

  #note(sight: RequestSight): void {
    const last = this.#events.at(-1);
    const atMs = this.clock.wallMs();
    if (isEnded(sight.request.state)) {
      this.#push({ ...sight, type: 'ended', atMs, seq: oddAfter(Math.max(this.#lastSeq, atMs * 2)) });
      this.close();
      return;
    }
    if (last !== undefined && !isNews(last, sight, atMs)) return;
    const type = this.#lastSeq === 0 ? 'accepted' : 'progress';
    this.#push({ ...sight, type, atMs, seq: evenAfter(Math.max(this.#lastSeq, atMs * 2 - 2)) });
    // The first says that it was taken in, and the next where it stands.
    if (type === 'accepted') this.#push({ ...sight, type: 'progress', atMs, seq: evenAfter(this.#lastSeq) });
  }

  #push(event: FeedEvent): void {
    this.#lastSeq = event.seq;
    this.#events.push(event);
    if (this.#events.length > KEPT_EVENTS) this.#events.shift();
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#wake) wake();
  }
}

/** Whether the last event of all was seen by whoever has seen this one. */
export function isLastOfAll(seq: number): boolean {
  return seq % 2 === 1;
}

function isNews(last: FeedEvent, sight: RequestSight, nowMs: number): boolean {
  if (last.phase !== sight.phase) return true;
  const sinceMs = nowMs - last.atMs;
  return sinceMs >= REPEAT_MS || (last.position !== sight.position && sinceMs >= POSITION_MS);
}

const evenAfter = (seq: number): number => seq + (seq % 2 === 0 ? 2 : 1);
const oddAfter = (seq: number): number => seq + (seq % 2 === 0 ? 1 : 2);
