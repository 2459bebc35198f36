import type { Random } from '../random.port.js';

/** No pause is longer, whatever an answer says: then somebody looks again. */
const MAX_PAUSE_MS = 3_600_000;
/** Jitter on the end of a pause, so that processes that were told the same do not wake together. Only upwards. */
const JITTER_RATIO = 0.1;
const MAX_JITTER_MS = 250;
/** All who heard of the pause, or waited it out, wake spread over this time; a few of them no further apart than the second. */
const SPREAD_MS = 1_500;
const MAX_INTERVAL_MS = 200;
/** A timer that is late may make up for this much. */
const CATCH_UP_MS = 20;

/** Nobody goes before its end, and after it they go one by one: callers told to come back together must not. */
export class Pause {
  #untilMs = -Infinity;
  #told = 0;
  #spread: { left: number; readonly intervalMs: number; nextAtMs: number } | undefined;

  constructor(private readonly random: Random) {}

  /** Clock milliseconds until which nobody goes; in the past when nothing is paused. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** One caller was told to stay away for `forMs` milliseconds. */
  told(forMs: number, nowMs: number): void {
    if (nowMs >= this.#untilMs) this.#told = 0;
    this.#told++;
    this.#spread = undefined;
    const lastsMs = Math.min(forMs, MAX_PAUSE_MS);
    const jitterMs = this.random.next() * Math.min(MAX_JITTER_MS, lastsMs * JITTER_RATIO);
    this.#untilMs = Math.max(this.#untilMs, nowMs + lastsMs + jitterMs);
  }

  /** When the next may go. @param waiting callers in the waiting room */
  nextAtMs(nowMs: number, waiting: number): number {
    if (nowMs < this.#untilMs) return this.#untilMs;
    if (this.#told > 0) {
      const herd = this.#told + waiting;
      this.#told = 0;
      this.#spread = { left: herd, intervalMs: Math.min(MAX_INTERVAL_MS, SPREAD_MS / herd), nextAtMs: nowMs };
    }
    return this.#spread?.nextAtMs ?? nowMs;
  }

  /** One went. */
  went(nowMs: number): void {
    const spread = this.#spread;
    if (spread === undefined) return;
    if (--spread.left <= 0) this.#spread = undefined;
    const intervalMs = spread.intervalMs * (1 + this.random.next() / 2);
    const isLate = nowMs - spread.nextAtMs > CATCH_UP_MS;
    spread.nextAtMs = (isLate ? nowMs : spread.nextAtMs) + intervalMs;
  }
}
