/** A bucket that is refilled continuously, at a rate that may change between looks. */
export class TokenBucket {
  #level: number;
  #atMs = 0;

  constructor(private readonly burst: number) {
    this.#level = burst;
  }

  /** Tokens in it after refilling since the last look at `perSecond`. */
  levelAt(nowMs: number, perSecond: number): number {
    const refilled = (Math.max(0, nowMs - this.#atMs) / 1000) * perSecond;
    this.#level = Math.min(this.burst, this.#level + refilled);
    this.#atMs = nowMs;
    return this.#level;
  }

  take(): void {
    this.#level--;
  }

  /** As at the beginning of an outage's end: nothing saved up. */
  empty(nowMs: number): void {
    this.#level = 0;
    this.#atMs = nowMs;
  }
}
