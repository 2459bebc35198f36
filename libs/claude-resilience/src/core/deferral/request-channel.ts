import type { CancelTimer, Clock } from '../clock.port.js';
import { isEnded } from './deferred-request.js';
import { isLastOfAll, type FeedEvent, type LookAtRequest, type RequestSight } from './feed-event.js';

/** Told again after so long without a change, in milliseconds. */
const REPEAT_MS = 10_000;
/** A place in the queue that moves is told so often at most, in milliseconds. */
const POSITION_MS = 1_000;
/** Events of a request that are kept for who comes back. */
const KEPT_EVENTS = 64;
/** What is told of one request, to all who watch it. */
export class RequestChannel {
  readonly #events: FeedEvent[] = [];
  readonly #wake = new Set<() => void>();
  #watchers = 0;
  #lastSeq = 0;
  /** By `Clock.nowMs`. */
  #toldAtMs = 0;
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

  /** Whether all has been told. */
  get isOver(): boolean {
    return this.#isOver;
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
          // It was seen by whoever has seen the last event of all.
          if (next.type === 'ended' && isLastOfAll(afterSeq)) return;
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
    const nowMs = this.clock.nowMs();
    if (last !== undefined && !isNews(last, sight, nowMs - this.#toldAtMs)) return;
    this.#toldAtMs = nowMs;
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

function isNews(last: FeedEvent, sight: RequestSight, sinceMs: number): boolean {
  if (last.phase !== sight.phase) return true;
  return sinceMs >= REPEAT_MS || (last.position !== sight.position && sinceMs >= POSITION_MS);
}

const evenAfter = (seq: number): number => seq + (seq % 2 === 0 ? 2 : 1);
const oddAfter = (seq: number): number => seq + (seq % 2 === 0 ? 1 : 2);
