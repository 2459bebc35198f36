const MS_PER_MINUTE = 60_000;

/**
 * A token bucket, refilled continuously and full at the start. Its level is counted in 1/60,000 of a unit, so that
 * one millisecond refills exactly `perMinute` of them: whole numbers, no drift, predictable to the millisecond.
 */
export class TokenBucket {
  private level: number;
  private readonly fullLevel: number;

  /**
   * @param perMinute units refilled a minute, above 0
   * @param capacity the most the bucket holds, in units
   */
  constructor(
    readonly perMinute: number,
    capacity: number,
    private updatedAtMs: number,
  ) {
    this.fullLevel = capacity * MS_PER_MINUTE;
    this.level = this.fullLevel;
  }

  /** Whole units left; 0 while the bucket is in debt. */
  remaining(nowMs: number): number {
    return Math.max(0, Math.floor(this.levelAt(nowMs) / MS_PER_MINUTE));
  }

  /** Takes what was used, also more than there is: what a model has written cannot be unwritten. */
  take(units: number, nowMs: number): void {
    this.level = this.levelAt(nowMs) - units * MS_PER_MINUTE;
    this.updatedAtMs = Math.max(this.updatedAtMs, nowMs);
  }

  /** Milliseconds until `units` can be taken, 0 if now. More than the bucket can ever hold waits until it is full. */
  waitMs(units: number, nowMs: number): number {
    const missing = Math.min(units * MS_PER_MINUTE, this.fullLevel) - this.levelAt(nowMs);
    return Math.max(0, Math.ceil(missing / this.perMinute));
  }

  /** Whether `units` can be taken at once. */
  holds(units: number, nowMs: number): boolean {
    return this.levelAt(nowMs) >= units * MS_PER_MINUTE;
  }

  /** When the bucket will be full again, in milliseconds since the epoch. */
  fullAtMs(nowMs: number): number {
    return nowMs + Math.ceil((this.fullLevel - this.levelAt(nowMs)) / this.perMinute);
  }

  private levelAt(nowMs: number): number {
    const elapsedMs = Math.max(0, nowMs - this.updatedAtMs);
    return Math.min(this.fullLevel, this.level + elapsedMs * this.perMinute);
  }
}
