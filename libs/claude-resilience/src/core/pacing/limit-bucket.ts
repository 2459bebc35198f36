import { LearntShare } from './learnt-share.js';
import type { LimitReading } from './read-limits.js';

/** What one request took from a bucket, and what the bucket looked like then: needed to read its answer's headers. */
export class Draw {
  atMs = 0;
  /** Units taken; replaced by what was really used once that is known. */
  units = 0;
  /** Our estimate of what was left right after; `NaN` while the limit was unknown. */
  leftAfter = NaN;
  /** Everything ever taken, this draw included. */
  takenInAll = 0;
  era = 0;
}

/** What counts against a limit at once, and what only as it is produced (answer tokens). */
export type Charging = 'at_once' | 'as_produced';

/** Requests reach the server a little closer together, or further apart, than they were sent: this much is kept back. */
const CUSHION_MS = 100;
const OVERFILL_RATIO = 0.1;
/** What was sent before a limit was known has reached the server after this time; and its bucket does not go below zero. */
const TRANSIT_MS = 500;
/** A burst that was refused although the headers allowed it: a quarter of it is tried, for this long, then twice that. */
const MISTRUST_DIVISOR = 4;
const MISTRUST_MS = 300_000;
/** With this part of the burst left, nobody is in anybody's way. */
const PLENTY_RATIO = 0.5;
const MS_PER_MINUTE = 60_000;
const NEGLIGIBLE = 1e-6;

/**
 * Our estimate of the server's token bucket for one limiter. Refilled continuously at the limit's rate. How much may
 * come at once nobody says: it is what `remaining` has proven. Limits nothing until a header names the limit.
 *
 * Headers are snapshots: requests under way may or may not be in them, and nobody knows of which moment between
 * sending and answer they tell. So a header corrects only what it contradicts whatever that moment was.
 */
export class LimitBucket {
  #limit: number | undefined;
  #perMs = 0;
  #left = 0;
  #atMs = 0;
  #burst = 1;
  #taken = 0;
  #open = 0;
  #era = 0;
  readonly #ours = new LearntShare();
  #share = 1;
  #mistrust: { readonly ceiling: number; readonly sinceMs: number } | undefined;

  /**
   * @param roundedBy how much `remaining` may exceed the truth, in units
   * @param ownShare our share of the limit, above 0 to 1
   */
  constructor(
    private readonly charging: Charging,
    private readonly roundedBy: number,
    private readonly ownShare: number,
  ) {}

  /** Units a minute as the API says; `undefined` while it has not. */
  get limit(): number | undefined {
    return this.#limit;
  }

  /** Units we may take a millisecond; `undefined` while the limit is unknown. */
  get perMs(): number | undefined {
    return this.#limit === undefined ? undefined : this.#perMs * this.#ours.value;
  }

  /** Units that may be taken now; negative while more was taken than there is. */
  leftAt(nowMs: number): number | undefined {
    return this.#limit === undefined ? undefined : Math.min(this.#burst, this.#refill(nowMs));
  }

  /** When `units` may be taken; `nowMs` if at once. More than the bucket holds may be taken when it is full. */
  freeAtMs(units: number, nowMs: number): number {
    if (this.#limit === undefined) return nowMs;
    const wanted = units + this.#perMs * CUSHION_MS;
    const needed = Math.min(wanted, this.#burst + this.#overfill);
    const missing = needed - this.#refill(nowMs);
    return missing <= NEGLIGIBLE ? nowMs : nowMs + missing / (this.#perMs * this.#ours.value);
  }

  /**
   * The part of the limit that is this replica's, where several share it. What it holds shrinks with it, since others have that
   * now; what it gains fills up from here on.
   *
   * @param part above 0, to 1
   */
  share(part: number, nowMs: number): void {
    const factor = part / this.#share;
    if (factor === 1) return;
    if (this.#limit !== undefined) {
      const left = this.#refill(nowMs); // until now it was filled by the old one
      this.#perMs *= factor;
      this.#burst = Math.max(1, this.#burst * factor);
      this.#left = Math.min(left > 0 && factor < 1 ? left * factor : left, this.#burst + this.#overfill);
    }
    this.#share = part;
  }

  /** @param draw where it is written down: one that nobody needs any more saves a new one */
  take(units: number, nowMs: number, draw = new Draw()): Draw {
    this.#taken += units;
    this.#open += units;
    if (this.#limit !== undefined) this.#left = this.#owed(Math.min(this.#burst, this.#refill(nowMs)) - units);
    draw.atMs = nowMs;
    draw.units = units;
    draw.leftAfter = this.#limit === undefined ? NaN : this.#left;
    draw.takenInAll = this.#taken;
    draw.era = this.#era;
    return draw;
  }

  /** Never more than a minute in debt, whatever a header said: else nobody asks, and nobody hears of a better limit. */
  #owed(left: number): number {
    return Math.max(-this.#perMs * 60_000, left);
  }

  /** The request has ended. @param used units it really used, 0 if the server refused it; as estimated when unknown */
  settle(draw: Draw, used: number | undefined): void {
    this.#open -= draw.units;
    const over = (used ?? draw.units) - draw.units;
    if (over === 0) return;
    this.#taken += over;
    if (this.#limit !== undefined) this.#left = this.#owed(this.#left - over);
    draw.leftAfter -= over;
    draw.units += over;
  }

  /** What an answer to `draw` says. Call it after `settle` when both are known. */
  learn({ limit, remaining }: LimitReading, draw: Draw, nowMs: number): void {
    const isNew = limit !== undefined && limit !== this.#limit;
    if (isNew) this.#begin(limit, nowMs);
    if (remaining === undefined || this.#limit === undefined) return;
    const rest = Math.max(0, remaining - this.roundedBy) * this.ownShare;
    const proven = rest * this.#share;
    const ceiling = this.#ceilingAt(nowMs);
    this.#burst = Math.max(1, Math.min(Math.max(this.#burst, proven), ceiling));
    const left = this.#refill(nowMs);
    this.#ours.grow(proven >= this.#burst * PLENTY_RATIO, nowMs);
    const takenSince = this.#taken - draw.takenInAll + (this.charging === 'as_produced' ? this.#open : 0);
    if (isNew) {
      const refilled = (nowMs - draw.atMs) * this.#perMs;
      this.#left = Math.min(proven, Math.max(proven + refilled - takenSince, -TRANSIT_MS * this.#perMs));
      return;
    }
    const lowest = Number.isNaN(draw.leftAfter) || draw.era !== this.#era ? Infinity : Math.min(draw.leftAfter, left);
    // Less than we ever thought there was: others take from it, too.
    // Where replicas share it, theirs is in it, too, and only what is less than ours alone contradicts us.
    const most = this.#share === 1 ? proven : rest;
    if (most < lowest && lowest !== Infinity) this.#left = left - (lowest - most);
    // More than we think, even if none of what was sent since is in it. With a share of our own, others' rest is not ours.
    else if (this.ownShare * this.#share * this.#ours.value === 1 && ceiling === Infinity)
      this.#left = Math.max(left, Math.min(proven - takenSince, this.#burst));
  }

  /** The API no longer speaks of it: nothing limits. */
  forget(): void {
    this.#limit = undefined;
    this.#era++;
  }

  /** A 429 that names this limit as used up: `remaining` is of this very moment. Had we known better, others took it. */
  exhausted(remaining: number, draw: Draw, nowMs: number): void {
    if (this.#limit === undefined) return;
    this.#left = Math.min(this.#refill(nowMs), remaining);
    if (!Number.isNaN(draw.leftAfter) && draw.era === this.#era) this.#ours.shrink(draw.atMs, nowMs);
  }

  /** A 429 although the headers left room: a limit a minute may be enforced as one a second. */
  mistrustBurst(draw: Draw, nowMs: number): void {
    if (this.#limit === undefined || draw.atMs <= (this.#mistrust?.sinceMs ?? -Infinity)) return;
    this.#mistrust = { ceiling: Math.max(1, this.#burst / MISTRUST_DIVISOR), sinceMs: nowMs };
    this.#burst = this.#mistrust.ceiling;
    this.#left = Math.min(this.#refill(nowMs), this.#burst);
  }

  #begin(limit: number, nowMs: number): void {
    this.#limit = limit;
    this.#perMs = (limit * this.ownShare * this.#share) / MS_PER_MINUTE;
    this.#burst = 1;
    this.#left = 0;
    this.#atMs = nowMs;
    this.#mistrust = undefined;
    this.#era++;
  }

  /** How much may come at once whatever `remaining` says; trust comes back step by step. */
  #ceilingAt(nowMs: number): number {
    if (this.#mistrust === undefined || this.#limit === undefined) return Infinity;
    const { ceiling, sinceMs } = this.#mistrust;
    const grown = ceiling * 2 ** Math.floor((nowMs - sinceMs) / MISTRUST_MS);
    if (grown < this.#limit) return grown;
    this.#mistrust = undefined;
    return Infinity;
  }

  /** Where a bucket is too small for a cushion, waiting a little longer has to do: this much over the brim, never taken. */
  get #overfill(): number {
    return Math.min(this.#perMs * CUSHION_MS, OVERFILL_RATIO * this.#burst);
  }

  #refill(nowMs: number): number {
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#left = Math.min(this.#burst + this.#overfill, this.#left + passedMs * this.#perMs * this.#ours.value);
    this.#atMs = Math.max(this.#atMs, nowMs);
    return this.#left;
  }
}
