export type CancelTimer = () => void;

/** The only source of time. Everything in `core/` asks it, so that tests decide what time it is. */
export abstract class Clock {
  /** Monotonic milliseconds from an arbitrary start; never goes back. For every duration and deadline. */
  abstract nowMs(): number;

  /** Milliseconds since the epoch. Only for HTTP dates, stored deadlines and what people read. */
  abstract wallMs(): number;

  /**
   * What `wallMs` said at a moment of `nowMs` that has just been, for those who know that moment already: a clock may know it
   * without another look, and notice a little later that somebody has set the time of day.
   */
  wallAt(_nowMs: number): number {
    return this.wallMs();
  }

  /**
   * Calls back once, not earlier than `delayMs` from now (0 or more, any size), and not after it was cancelled.
   * A pending timer keeps the process alive: somebody waits for it.
   *
   * @param nowMs by `nowMs()`, from whoever has just looked
   */
  abstract after(delayMs: number, callback: () => void, nowMs?: number): CancelTimer;

  /**
   * Calls back once all that runs now has run, promises included, and before anything is waited for: nothing that is
   * ready is overtaken. For what happens many times in a burst, and whose time only matters once the burst is over.
   */
  afterTurn(callback: () => void): void {
    callback();
  }

  /** Like `after`, for housekeeping that nobody waits for: where a process can tell, it does not live on for it. */
  afterUnref(delayMs: number, callback: () => void): CancelTimer {
    return this.after(delayMs, callback);
  }
}
