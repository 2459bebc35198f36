/** Of the newest time between two ends in the average. */
const NEWEST_SHARE = 0.2;

/**
 * How many deferred requests may be worked on at a time: one at first, one more with each success, half of them after a
 * failure that was not the request's own (an outage that ends is met by one, not by all).
 */
export class DrainPace {
  #allowed = 1;
  #endedAtMs: number | undefined;
  #betweenMs: number | undefined;

  constructor(private readonly most: number) {}

  get allowed(): number {
    return this.#allowed;
  }

  /** Milliseconds between two ends lately. */
  get betweenEndsMs(): number | undefined {
    return this.#betweenMs;
  }

  succeeded(): void {
    this.#allowed = Math.min(this.most, this.#allowed + 1);
  }

  failed(): void {
    this.#allowed = Math.max(1, Math.floor(this.#allowed / 2));
  }

  /** @param startedAtMs when it was started: the time before that, in which there was nothing to do, tells of nothing */
  ended(nowMs: number, startedAtMs: number): void {
    const betweenMs = nowMs - Math.max(startedAtMs, this.#endedAtMs ?? -Infinity);
    this.#betweenMs = this.#betweenMs === undefined ? betweenMs : mix(this.#betweenMs, betweenMs);
    this.#endedAtMs = nowMs;
  }
}

const mix = (old: number, newest: number): number => old * (1 - NEWEST_SHARE) + newest * NEWEST_SHARE;
