import { KEYS_PER_LN } from './log-sketch.js';

/** As in `LogSketch`: each call comes by here. */
const { ceil, log } = Math;

/** Steps that every power of two is looked at in: 64. Of 35 buckets in each power, no two end within one step. */
const STEP_BITS = 6;
/** Powers of two that are known: from a quarter of a microsecond, in milliseconds, to 16 million. */
const FIRST_POWER = -12;
const POWERS = 36;
/** Of a double: what is added to its exponent, and how many bits of its upper half are not of the exponent. */
const BIAS = 1_023;
const FRACTION_BITS = 20;
const FIRST_STEP = (BIAS + FIRST_POWER) << STEP_BITS;
const BITS_OF_STEP = FRACTION_BITS - STEP_BITS;
/** Whole numbers below have their logarithm kept. */
const SMALL = 2_048;

/**
 * Buckets and logarithms that were asked for before: the logarithms of what is counted of a call take longer than all the
 * rest of counting it. What it says is what `Math.log` says.
 */
export class LogKeys {
  /** Of every step, the first bucket that some of it is in. */
  readonly #keys = new Int16Array(POWERS << STEP_BITS);
  /** Of every step, the last value in that bucket; what is larger is in the next. 0: not known yet. */
  readonly #ends = new Float64Array(POWERS << STEP_BITS);
  readonly #logs = new Float64Array(SMALL);
  readonly #number = new Float64Array(1);
  /** The upper half of that, in the order of bytes of every machine that Node runs on, is the second. */
  readonly #halves = new Uint32Array(this.#number.buffer);

  /** The bucket of a value above 0 in a `LogSketch`. */
  keyOf(value: number): number {
    this.#number[0] = value;
    const step = ((this.#halves[1] ?? 0) >>> BITS_OF_STEP) - FIRST_STEP;
    // Asking an array for what is before its begin takes a thousand times as long.
    if (!(step >= 0 && step < this.#keys.length)) return this.keyOfLn(log(value));
    if (this.#ends[step] === 0) this.#learn(step);
    return (this.#keys[step] ?? 0) + (value > (this.#ends[step] ?? 0) ? 1 : 0);
  }

  keyOfLn(ln: number): number {
    return ceil(ln * KEYS_PER_LN);
  }

  /** @param value 1 or more */
  lnOf(value: number): number {
    if (value >= SMALL) return log(value);
    const known = this.#logs[value];
    if (known !== 0 && known !== undefined) return known;
    const ln = log(value);
    this.#logs[value] = ln; // of no use where it is no whole number
    return ln;
  }

  #learn(step: number): void {
    const [first, next] = [this.#beginOf(step), this.#beginOf(step + 1)];
    const key = this.keyOfLn(log(first));
    this.#keys[step] = key;
    this.#ends[step] = this.#lastIn(key, first, next);
  }

  /** The last value in a bucket, of those from `first` on and before `next`. */
  #lastIn(key: number, first: number, next: number): number {
    let [low, high] = [first, next];
    for (;;) {
      const middle = low + (high - low) / 2;
      if (middle <= low || middle >= high) return low;
      if (this.keyOfLn(log(middle)) > key) high = middle;
      else low = middle;
    }
  }

  #beginOf(step: number): number {
    this.#halves[0] = 0;
    this.#halves[1] = (step + FIRST_STEP) << BITS_OF_STEP;
    return this.#number[0] ?? 1;
  }
}
