import { KEYS_PER_LN } from './log-sketch.js';

/** As in `LogSketch`: each call comes by here. */
const { ceil, log } = Math;

/** Steps that every power of two is looked at in: 256. */
const STEP_BITS = 8;
/** Powers of two that are known: from a quarter of a microsecond, in milliseconds, to 16 million. */
const FIRST_POWER = -12;
const POWERS = 36;
/** Of a double: what is added to its exponent, and how many bits of its upper half are not of the exponent. */
const BIAS = 1_023;
const FRACTION_BITS = 20;
const FIRST_STEP = (BIAS + FIRST_POWER) << STEP_BITS;
const BITS_OF_STEP = FRACTION_BITS - STEP_BITS;
/** A bucket ends within such a step. */
const DIVIDED = -32_768;
/** Whole numbers below have their logarithm kept. */
const SMALL = 2_048;

/**
 * Buckets and logarithms that were asked for before: the logarithms of what is counted of a call take longer than all the
 * rest of counting it. What it says is what `Math.log` says.
 */
export class LogKeys {
  /** Of every step, the bucket that all of it is in; 0: not known yet. */
  readonly #keys = new Int16Array(POWERS << STEP_BITS);
  readonly #logs = new Float64Array(SMALL);
  readonly #number = new Float64Array(1);
  /** The upper half of that, in the order of bytes of every machine that Node runs on, is the second. */
  readonly #halves = new Uint32Array(this.#number.buffer);

  /** The bucket of a value above 0 in a `LogSketch`. */
  keyOf(value: number): number {
    this.#number[0] = value;
    const step = ((this.#halves[1] ?? 0) >>> BITS_OF_STEP) - FIRST_STEP;
    // Asking an array for what is before its begin takes a thousand times as long.
    const known = step >= 0 && step < this.#keys.length ? this.#keys[step] : DIVIDED;
    if (known === 0) this.#learn(step);
    return known === 0 || known === DIVIDED || known === undefined ? this.keyOfLn(log(value)) : known;
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
    const [first, next] = [this.#keyAt(step), this.#keyAt(step + 1)];
    this.#keys[step] = first === next && first !== 0 ? first : DIVIDED;
  }

  #keyAt(step: number): number {
    this.#halves[0] = 0;
    this.#halves[1] = (step + FIRST_STEP) << BITS_OF_STEP;
    return this.keyOfLn(log(this.#number[0] ?? 1));
  }
}
