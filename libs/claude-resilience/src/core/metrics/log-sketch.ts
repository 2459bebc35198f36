import type { SketchJson } from './sketch-json.js';

/** How exact a quantile is, relative to the true one. */
const ALPHA = 0.01;
/** Each bucket ends so many times as far out as the one before. */
const GAMMA = (1 + ALPHA) / (1 - ALPHA);
/** Buckets for each unit of ln(value). */
export const KEYS_PER_LN = 1 / Math.log(GAMMA);
/** Buckets kept at most: they span 17 powers of ten. Beyond that the lowest become one. */
const MAX_BUCKETS = 2_048;
/** Room left on both sides when the range grows, in buckets: growing is rare then. */
const ROOM = 24;
/** What is smaller counts as 0. */
export const LEAST = 1e-9;
/** Each call comes by here: in a VM context, such as a test has, every look at a global is slow. */
const { ceil, log } = Math;
const { isSafeInteger } = Number;
const ENDLESS = Infinity;
const NO_COUNTS = new Float64Array(0);

/**
 * Counts values of any size in buckets that grow with them, so that every quantile is within 1 % of the true one, however
 * they are distributed (DDSketch, https://arxiv.org/abs/1908.10693). Sketches of two minutes, or of two replicas, merge
 * into the one that would have heard both.
 */
export class LogSketch {
  #counts = NO_COUNTS;
  /** Key of the first bucket that there is room for. */
  #firstKey = 0;
  #count = 0;
  #sum = 0;
  #min = ENDLESS;
  #max = -ENDLESS;
  #zeros = 0;

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  /** `undefined` when it is empty; `max` and `quantile` alike. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min;
  }

  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  /** Negative values count as 0; what is no number, or has no end, is passed over. */
  add(given: number): void {
    if (given > LEAST && given < ENDLESS) this.addAt(given, ceil(log(given) * KEYS_PER_LN));
    else if (given < ENDLESS) this.#addZero();
  }

  /** The same for those who know the bucket. @param value above 1e-9, and finite @param key ceil(ln(value) * KEYS_PER_LN) */
  addAt(value: number, key: number): void {
    this.#count += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.#addTo(key, 1);
  }

  merge(other: LogSketch): void {
    if (other.#count === 0) return;
    this.#count += other.#count;
    this.#sum += other.#sum;
    if (other.#min < this.#min) this.#min = other.#min;
    if (other.#max > this.#max) this.#max = other.#max;
    this.#zeros += other.#zeros;
    if (this.#counts.length === 0) {
      this.#counts = other.#counts.slice();
      this.#firstKey = other.#firstKey;
      return;
    }
    // A copy of the other's, in case it is this one.
    const [counts, firstKey] =
      other === this ? [other.#counts.slice(), other.#firstKey] : [other.#counts, other.#firstKey];
    let lowest = 0;
    let highest = counts.length - 1;
    while (counts[lowest] === 0) lowest++;
    while (counts[highest] === 0) highest--;
    // First the ends: then there is room for all of it.
    for (const end of [highest, lowest]) if (end >= 0 && end < counts.length) this.#addTo(firstKey + end, 0);
    const mine = this.#counts;
    const shift = firstKey - this.#firstKey;
    // Where even the lowest has a bucket of its own, nothing need be looked for.
    if (lowest + shift >= 0) {
      for (let at = lowest; at <= highest; at++) mine[at + shift] = (mine[at + shift] ?? 0) + (counts[at] ?? 0);
      return;
    }
    for (let at = lowest; at <= highest; at++) {
      const count = counts[at] ?? 0;
      if (count > 0) this.#addTo(firstKey + at, count);
    }
  }

  /**
   * @param share 0..1
   * @returns what so many of the values were at most, within 1 %. Below 20 values it says little: whoever shows it checks `count`
   */
  quantile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    if (share >= 1) return this.#max;
    // What floating point adds must not make it the next one.
    const rank = Math.max(1, Math.ceil(share * this.#count - 1e-9));
    if (rank <= 1) return this.#min;
    let left = rank - this.#zeros;
    if (left <= 0) return 0;
    for (let at = 0; at < this.#counts.length; at++) {
      left -= this.#counts[at] ?? 0;
      if (left <= 0) return Math.min(this.#max, Math.max(this.#min, valueOf(this.#firstKey + at)));
    }
    return this.#max;
  }

  /** How many values were at most this large; of those within 1 % of it, some may be on the wrong side. */
  countUpTo(bound: number): number {
    if (bound >= this.#max) return this.#count;
    if (bound < 0) return 0;
    let found = this.#zeros;
    for (let at = 0; at < this.#counts.length; at++) {
      if (valueOf(this.#firstKey + at) > bound) break;
      found += this.#counts[at] ?? 0;
    }
    return found;
  }

  /** Every bucket that is not empty, the lowest first: a value within 1 % of those in it, and how many there are. */
  *buckets(): Generator<readonly [value: number, count: number]> {
    if (this.#zeros > 0) yield [0, this.#zeros];
    for (let at = 0; at < this.#counts.length; at++) {
      const count = this.#counts[at] ?? 0;
      if (count > 0) yield [valueOf(this.#firstKey + at), count];
    }
  }

  toJSON(): SketchJson {
    const buckets: number[] = [];
    let lastKey = 0;
    for (let at = 0; at < this.#counts.length; at++) {
      const count = this.#counts[at] ?? 0;
      if (count === 0) continue;
      const key = this.#firstKey + at;
      buckets.push(key - lastKey, count);
      lastKey = key;
    }
    const { min = 0, max = 0 } = this;
    return { count: this.#count, sum: this.#sum, min, max, zeros: this.#zeros, buckets };
  }

  /** @throws {TypeError} when it is no sketch that this class wrote */
  static fromJSON({ count, sum, min, max, zeros, buckets }: SketchJson): LogSketch {
    const sketch = new LogSketch();
    if (!Array.isArray(buckets)) throw new TypeError('This is no sketch: it has no buckets');
    const span = buckets.reduce((total: number, gap: number, at) => (at % 2 === 0 && at > 0 ? total + gap : total), 1);
    if (buckets.length > 0 && span > 0 && span <= MAX_BUCKETS) {
      sketch.#firstKey = buckets[0] ?? 0;
      sketch.#counts = new Float64Array(span); // room for all of it at once
    }
    let key = 0;
    let found = zeros;
    for (let at = 0; at < buckets.length; at += 2) {
      const gap = buckets[at];
      const held = buckets[at + 1] ?? 0;
      if (gap === undefined || !isSafeInteger(gap) || !(held > 0))
        throw new TypeError('This is no sketch: a bucket is none');
      key += gap;
      found += held;
      sketch.#addTo(key, held);
    }
    if (found !== count || ![sum, min, max].every(Number.isFinite)) {
      throw new TypeError('This is no sketch: its counts do not add up');
    }
    if (count === 0) return sketch;
    sketch.#count = count;
    sketch.#sum = sum;
    sketch.#min = min;
    sketch.#max = max;
    sketch.#zeros = zeros;
    return sketch;
  }

  #addZero(): void {
    this.#count += 1;
    this.#zeros += 1;
    if (this.#min > 0) this.#min = 0;
    if (this.#max < 0) this.#max = 0;
  }

  #addTo(key: number, count: number): void {
    const at = key - this.#firstKey;
    // Asking an array for what is before its begin takes a thousand times as long.
    if (at >= 0 && at < this.#counts.length) {
      this.#counts[at] = (this.#counts[at] ?? 0) + count;
      return;
    }
    const place = this.#makeRoom(key);
    this.#counts[place] = (this.#counts[place] ?? 0) + count;
  }

  #placeOf(key: number): number {
    const place = key - this.#firstKey;
    return place > 0 ? place : 0;
  }

  /** @returns the place of the key, which may now be that of the lowest bucket */
  #makeRoom(key: number): number {
    const size = this.#counts.length;
    if (size === MAX_BUCKETS && key < this.#firstKey) return 0;
    let lowest = 0;
    let highest = size - 1;
    while (lowest < size && this.#counts[lowest] === 0) lowest++;
    while (highest > 0 && this.#counts[highest] === 0) highest--;
    const low = size === 0 ? key : Math.min(key, this.#firstKey + lowest);
    const high = size === 0 ? key : Math.max(key, this.#firstKey + highest);
    const before = this.#counts;
    const beforeFirstKey = this.#firstKey;
    const isRoomy = high - low + 1 + 2 * ROOM < MAX_BUCKETS;
    this.#counts = new Float64Array(isRoomy ? high - low + 1 + 2 * ROOM : MAX_BUCKETS);
    this.#firstKey = isRoomy ? low - ROOM : high - MAX_BUCKETS + 1;
    for (let at = lowest; at <= highest; at++) {
      const count = before[at] ?? 0;
      if (count === 0) continue;
      const place = this.#placeOf(beforeFirstKey + at);
      this.#counts[place] = (this.#counts[place] ?? 0) + count;
    }
    return this.#placeOf(key);
  }
}

/** The middle of a bucket, so that neither end is further than 1 % from it. */
function valueOf(key: number): number {
  return (2 * GAMMA ** key) / (GAMMA + 1);
}
