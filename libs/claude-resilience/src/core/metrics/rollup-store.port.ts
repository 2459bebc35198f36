import type { Resolution, RollupSlot } from './rollup-slot.js';
import type { SeriesName } from './series-book.js';

/** Which slots: of one resolution, that begin from `fromMs` on and before `untilMs`. */
export interface SlotWish extends Partial<SeriesName> {
  readonly resolution: Resolution;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** From then on what is usual of some series is learnt anew; whatever is not named is any. */
export interface BaselineReset extends Partial<SeriesName> {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/**
 * Keeps metrics for longer than a process lives (R38). Whatever a promise of it has said is so for good; a method that
 * rejects has changed nothing. A slot that cannot be read any more is passed over: metrics go on.
 *
 * One conformance suite runs over every store: `testing/rollup-store.conformance.ts`.
 */
export abstract class RollupStore {
  /** Several processes put into it: what is read is of all of them. */
  readonly isShared: boolean = false;

  /** Keeps all of them, or none; each in place of the one that has the same name. */
  abstract put(slots: readonly RollupSlot[]): Promise<void>;

  /** The oldest first; those that begin together in no order. */
  abstract read(wish: SlotWish): Promise<readonly RollupSlot[]>;

  /** Forgets the slots of a resolution that began before. @returns how many */
  abstract removeBefore(resolution: Resolution, beforeMs: number): Promise<number>;

  /** Kept until another one of the same series takes its place. */
  abstract noteReset(reset: BaselineReset): Promise<void>;

  /** The oldest first. */
  abstract resets(): Promise<readonly BaselineReset[]>;

  /** Called about once an hour: time to put things in order. @param nowMs milliseconds since the epoch */
  async tidy(_nowMs: number): Promise<void> {}
}
