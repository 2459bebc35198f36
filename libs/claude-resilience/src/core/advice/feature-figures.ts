import { emptySlot, type SlotCounts } from './slot-counts.js';
import { SlotRing } from './slot-ring.js';
import { retiringModelNamed, type RetiringModel } from './retiring-models.js';

/** Requests of one hour of one day, by the wall clock. */
export interface HourCounts {
  attempts: number;
  overloaded: number;
}

/** Length of a slot, in milliseconds: as long as a cached prompt lives at least. */
export const SLOT_MS = 5 * 60_000;
/** Slots of one day. */
const SLOTS = 288;
export const HOUR_MS = 60 * 60_000;
/** Hours of seven days. */
const HOURS = 168;

/** The figures of one feature: a day in slots of five minutes, and seven days of hours. Memory is bounded by both. */
export class FeatureFigures {
  /** By `Clock.nowMs`. */
  readonly slots = new SlotRing<SlotCounts>(SLOT_MS, SLOTS, emptySlot);
  /** By `Clock.wallMs`, since people work by it, and so do others who use the API. */
  readonly hours = new SlotRing<HourCounts>(HOUR_MS, HOURS, () => ({ attempts: 0, overloaded: 0 }));
  /** When a model of the table was last asked, by `Clock.nowMs`: at most as many as the table has. */
  readonly retiring = new Map<RetiringModel, number>();
  /** The model asked for last, and what the table says of it. */
  #model = '';
  #itRetires: RetiringModel | undefined;

  /** The model of the table that a name means. */
  retiringNamed(name: string): RetiringModel | undefined {
    if (name !== this.#model) {
      this.#itRetires = retiringModelNamed(name);
      this.#model = name;
    }
    return this.#itRetires;
  }
}

/** Adds one of the counts up. */
export function sumOf(slots: readonly SlotCounts[], count: CountName): number {
  return slots.reduce((sum, slot) => sum + slot[count], 0);
}

export type CountName = Exclude<keyof SlotCounts, 'kinds'>;
