const SLICES = 10;

/** Events a second over the last `spanMs`, in a ring of slices: no memory per event, no timer. */
export class RateMeter {
  readonly #sliceMs: number;
  readonly #counts = new Uint32Array(SLICES);
  #newest = -Infinity;
  #sum = 0;

  constructor(private readonly spanMs: number) {
    this.#sliceMs = spanMs / SLICES;
  }

  count(nowMs: number): void {
    this.#turnTo(nowMs);
    const at = indexOf(this.#newest);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum++;
  }

  perSecond(nowMs: number): number {
    this.#turnTo(nowMs);
    return (this.#sum * 1000) / this.spanMs;
  }

  #turnTo(nowMs: number): void {
    const slice = Math.floor(nowMs / this.#sliceMs);
    if (slice <= this.#newest) return;
    if (slice - this.#newest >= SLICES) {
      this.#counts.fill(0);
      this.#sum = 0;
    } else {
      for (let passed = this.#newest + 1; passed <= slice; passed++) {
        const at = indexOf(passed);
        this.#sum -= this.#counts[at] ?? 0;
        this.#counts[at] = 0;
      }
    }
    this.#newest = slice;
  }
}

function indexOf(slice: number): number {
  return ((slice % SLICES) + SLICES) % SLICES;
}
