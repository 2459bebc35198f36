import { OutcomeWindow } from './outcome-window.js';

/** Slices of a window: enough that its edge is sharp to 1/60, few enough to be a handful of cache lines. */
const SLICES = 60;
/** One slice more than the span: the oldest is only partly over. */
const LENGTH = SLICES + 1;
const FAILURES = LENGTH;
const SLOW = 2 * LENGTH;

/**
 * The last `spanMs`, in a ring of slices with running sums: recording and reading cost the same whether the window
 * holds ten calls or ten million. It covers the whole span and at most one slice (1/60 of it) more. Idle time is
 * forgotten on the next touch, without a timer.
 */
export class TimeWindow extends OutcomeWindow {
  readonly #sliceMs: number;
  /** Calls, then failures, then slow ones, each by slice: one list, since every list has 200 bytes of its own. */
  readonly #counts = new Uint32Array(3 * LENGTH);
  readonly #sum = { calls: 0, failures: 0, slow: 0 };
  /** Number of the newest slice, counted from time 0; a clock may start before that. */
  #newest = -Infinity;

  constructor(spanMs: number) {
    super();
    this.#sliceMs = spanMs / SLICES;
  }

  protected add(failed: boolean, slow: boolean, nowMs: number): void {
    const at = this.#turnTo(nowMs);
    this.#sum.calls++;
    this.#count(at);
    if (failed) {
      this.#sum.failures++;
      this.#count(FAILURES + at);
    }
    if (slow) {
      this.#sum.slow++;
      this.#count(SLOW + at);
    }
  }

  /** What has left the window meanwhile may still be in the sums: then it is looked at once more than needed. */
  protected hasOnlyGood(): boolean {
    return this.#sum.failures === 0 && this.#sum.slow === 0;
  }

  protected sums(nowMs: number) {
    this.#turnTo(nowMs);
    const { calls, failures, slow } = this.#sum;
    return { calls, failures, slow };
  }

  protected forget(): void {
    this.#counts.fill(0);
    Object.assign(this.#sum, { calls: 0, failures: 0, slow: 0 });
  }

  /** Empties the slices that have left the window; returns the index of the newest. A clock that went back changes nothing. */
  #turnTo(nowMs: number): number {
    const slice = Math.floor(nowMs / this.#sliceMs);
    if (slice - this.#newest >= LENGTH) this.forget();
    else {
      for (let passed = this.#newest + 1; passed <= slice; passed++) {
        const at = indexOf(passed);
        this.#sum.calls -= this.#taken(at);
        this.#sum.failures -= this.#taken(FAILURES + at);
        this.#sum.slow -= this.#taken(SLOW + at);
      }
    }
    this.#newest = Math.max(this.#newest, slice);
    return indexOf(this.#newest);
  }

  #count(at: number): void {
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  #taken(at: number): number {
    const count = this.#counts[at] ?? 0;
    this.#counts[at] = 0;
    return count;
  }
}

function indexOf(slice: number): number {
  return ((slice % LENGTH) + LENGTH) % LENGTH;
}
