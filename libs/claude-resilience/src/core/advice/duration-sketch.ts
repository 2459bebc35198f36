/** Shortest duration that is told apart, in milliseconds. */
const LEAST_MS = 50;
/** Each bucket is wider than the one before by this factor: how exact a quantile is. */
const FACTOR = 1.1;
const LN_FACTOR = Math.log(FACTOR);
/** The last bucket ends at about 3.6 hours. */
const BUCKETS = 130;
/** What a counter of 16 bits can hold. */
const FULL = 0xffff;

/** Counts durations in 260 bytes; quantiles are at most a tenth too long, never too short. */
export class DurationSketch {
  readonly #counts = new Uint16Array(BUCKETS);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(durationMs: number): void {
    const bucket = bucketOf(durationMs);
    const count = this.#counts[bucket] ?? 0;
    if (count === FULL) return;
    this.#counts[bucket] = count + 1;
    this.#total += 1;
  }

  /** @returns milliseconds that so many of them took at most; `undefined` when there are none */
  static quantile(sketches: readonly DurationSketch[], share: number): number | undefined {
    const total = sketches.reduce((sum, sketch) => sum + sketch.#total, 0);
    if (total === 0) return undefined;
    let left = Math.ceil(share * total);
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      for (const sketch of sketches) left -= sketch.#counts[bucket] ?? 0;
      if (left <= 0) return LEAST_MS * FACTOR ** bucket;
    }
    return LEAST_MS * FACTOR ** (BUCKETS - 1);
  }
}

/** The first bucket whose end is not before it. */
function bucketOf(durationMs: number): number {
  if (!(durationMs > LEAST_MS)) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log(durationMs / LEAST_MS) / LN_FACTOR));
}
