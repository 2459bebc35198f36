import { OutcomeWindow } from './outcome-window.js';

/** Slices of a window: enough that its edge is sharp to 1/60, few enough to be a handful of cache lines. */
const SLICES = 60;

/**
 * The last `spanMs`, in a ring of slices with running sums: recording and reading cost the same whether the window
 * holds ten calls or ten million. It covers the whole span and at most one slice (1/60 of it) more. Idle time is
 * forgotten on the next touch, without a timer.
 */
export class TimeWindow extends OutcomeWindow {
  readonly #sliceMs: number;
  /** One slice more than the span: the oldest is only partly over. */
  readonly #calls = new Uint32Array(SLICES + 1);
  readonly #failures = new Uint32Array(SLICES + 1);
  readonly #slow = new Uint32Array(SLICES + 1);
  readonly #sum = { calls: 0, failures: 0, slow: 0 };
  /** Number of the newest slice, counted from time 0; a clock may start before that. */
  #newest = -Infinity;

  constructor(spanMs: number) {
    super();
    this.#sliceMs = spanMs / SLICES;
  }

  protected add(failed: boolean, slow: boolean, nowMs: number): void {
    const at = this.#turnTo(nowMs);
    this.#calls[at] = (this.#calls[at] ?? 0) + 1;
    this.#sum.calls++;
    if (failed) {
      this.#failures[at] = (this.#failures[at] ?? 0) + 1;
      this.#sum.failures++;
    }
    if (slow) {
      this.#slow[at] = (this.#slow[at] ?? 0) + 1;
      this.#sum.slow++;
    }
  }

  protected sums(nowMs: number) {
    this.#turnTo(nowMs);
    const { calls, failures, slow } = this.#sum;
    return { calls, failures, slow };
  }

  protected forget(): void {
    this.#calls.fill(0);
    this.#failures.fill(0);
    this.#slow.fill(0);
    Object.assign(this.#sum, { calls: 0, failures: 0, slow: 0 });
  }

  /** Empties the slices that have left the window; returns the index of the newest. A clock that went back changes nothing. */
  #turnTo(nowMs: number): number {
    const slice = Math.floor(nowMs / this.#sliceMs);
    const length = this.#calls.length;
    if (slice - this.#newest >= length) this.forget();
    else {
      for (let passed = this.#newest + 1; passed <= slice; passed++) {
        const at = indexIn(passed, length);
        this.#sum.calls -= this.#calls[at] ?? 0;
        this.#sum.failures -= this.#failures[at] ?? 0;
        this.#sum.slow -= this.#slow[at] ?? 0;
        this.#calls[at] = this.#failures[at] = this.#slow[at] = 0;
      }
    }
    this.#newest = Math.max(this.#newest, slice);
    return indexIn(this.#newest, length);
  }
}

function indexIn(slice: number, length: number): number {
  return ((slice % length) + length) % length;
}
