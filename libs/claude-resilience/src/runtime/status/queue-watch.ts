import type { Clock } from '../../core/clock.port.js';
import { oldestWaitMs } from '../../core/deferral/due-at.js';
import type { ClaudeEventOf } from '../../core/events.js';
import type { QueueFigures, QueueStatus } from '../../core/status/queue-status.js';
import type { DeferralRoom } from '../deferral-room.js';

/** Counts are as good as new for so long, in milliseconds: whoever asks meanwhile costs the store nothing. */
const FRESH_MS = 1_000;
/** Longest wait for the store, in milliseconds; then what it said last is shown. */
const LONGEST_LOOK_MS = 250;
/** Growth is judged over so long, and noted so often, in milliseconds. */
const GROWTH_MS = 900_000;
const NOTE_EVERY_MS = 60_000;

/** What says that the queue is not as it was. */
export const QUEUE_EVENTS = ['queue.trouble', 'queue.well', 'request.deferred', 'request.ended'] as const;

type Counted = Omit<QueueFigures, 'state' | 'allowed' | 'emptyInMs' | 'batches' | 'trouble'>;

/** Counts the queue for whoever looks, seldom enough to cost nothing, and never for longer than a look may take. */
export class QueueWatch {
  #last: Counted | undefined;
  #lookedAtMs = -Infinity;
  #looking: Promise<void> | undefined;
  #trouble: string | undefined;
  #isBroken = false;
  #notes: readonly { readonly atMs: number; readonly waiting: number }[] = [];

  constructor(
    private readonly room: DeferralRoom,
    private readonly clock: Clock,
  ) {}

  hear(event: ClaudeEventOf<(typeof QUEUE_EVENTS)[number]>, wallMs: number): void {
    if (event.type === 'queue.trouble') this.#trouble = event.trouble;
    else if (event.type === 'queue.well') this.#trouble = undefined;
    else this.#changed(wallMs);
  }

  #changed(wallMs: number): void {
    this.#lookedAtMs = -Infinity;
    const newest = this.#notes.at(-1);
    // Without it nobody would know how it grew while nobody looked.
    if (newest === undefined || wallMs - newest.atMs >= NOTE_EVERY_MS) void this.#look();
  }

  async status(): Promise<QueueStatus> {
    if (!this.room.isOpen) return { state: 'none' };
    if (this.clock.nowMs() - this.#lookedAtMs >= FRESH_MS) await this.#within(this.#look());
    const trouble = this.#trouble ?? (this.#isBroken ? 'its store cannot be asked' : undefined);
    const about = trouble === undefined ? {} : { trouble };
    if (this.#last === undefined || !this.room.isOpen) return { state: 'unknown', ...about };
    const { state, allowed, betweenEndsMs } = this.room.snapshot();
    const batches = this.room.batches();
    const { waiting } = this.#last;
    return {
      state,
      ...this.#last,
      ...about,
      allowed,
      ...(betweenEndsMs !== undefined && state === 'running' && { emptyInMs: betweenEndsMs * waiting }),
      ...(batches !== undefined && { batches: { collecting: batches.collecting, underWay: batches.batches } }),
    };
  }

  #look(): Promise<void> {
    this.#looking ??= this.#count().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #count(): Promise<void> {
    const startedAtMs = this.clock.nowMs();
    try {
      if (!this.room.isOpen) return;
      const { store } = this.room;
      const [waiting, running] = await Promise.all([store.count('waiting'), store.count('running')]);
      const atMs = this.clock.wallMs();
      const before = this.#note(atMs, waiting.total);
      const oldestMs = oldestWaitMs(waiting, atMs);
      this.#last = {
        countedAtMs: atMs,
        waiting: waiting.total,
        waitingByPriority: waiting.byPriority,
        running: running.total,
        ...(oldestMs !== undefined && { oldestMs }),
        ...(before !== undefined && { waitingBefore: before }),
      };
      this.#isBroken = false;
      this.#lookedAtMs = startedAtMs;
    } catch {
      this.#isBroken = true;
      this.#lookedAtMs = this.clock.nowMs();
    }
  }

  /** @returns how many waited about `GROWTH_MS` ago */
  #note(atMs: number, waiting: number): number | undefined {
    const before = this.#notes.findLast((note) => note.atMs <= atMs - GROWTH_MS);
    const newest = this.#notes.at(-1);
    const kept = before === undefined ? this.#notes : this.#notes.slice(this.#notes.indexOf(before));
    const isDue = newest === undefined || atMs - newest.atMs >= NOTE_EVERY_MS;
    this.#notes = isDue ? [...kept, { atMs, waiting }] : kept;
    return before?.waiting;
  }

  async #within(look: Promise<void>): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const stop = this.clock.after(LONGEST_LOOK_MS, resolve);
    await Promise.race([look, late]);
    stop();
  }
}
