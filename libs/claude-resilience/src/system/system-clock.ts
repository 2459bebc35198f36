import { performance } from 'node:perf_hooks';
import { Clock, type CancelTimer } from '../core/clock.port.js';
import { FarTimers, type Alarm } from './far-timers.js';

/** `setTimeout` fires at once for anything longer. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** So often at most, in milliseconds, it is looked whether somebody has set the time of day. */
const COMPARE_EVERY_MS = 100;

export class SystemClock extends Clock {
  /** How far the time of day is ahead of the monotonic one. */
  #aheadMs = -Infinity;
  #compareAtMs = -Infinity;
  readonly #far = new FarTimers({
    nowMs: () => this.nowMs(),
    after: (delayMs, callback) => this.#near(delayMs, callback),
    alarm: (delayMs, callback) => alarmAfter(delayMs, callback),
  });

  nowMs(): number {
    return performance.now();
  }

  wallMs(): number {
    return Date.now();
  }

  override wallAt(nowMs: number): number {
    if (!(nowMs < this.#compareAtMs)) this.#compare();
    return Math.floor(nowMs + this.#aheadMs);
  }

  /** The time of day has whole milliseconds: of what was seen within one of them, the most is the nearest to the truth. */
  #compare(): void {
    const wallMs = this.wallMs();
    const nowMs = this.nowMs();
    const aheadMs = wallMs - nowMs;
    const isMoreExact = this.#aheadMs > aheadMs && this.#aheadMs < aheadMs + 1;
    if (!isMoreExact) this.#aheadMs = aheadMs;
    this.#compareAtMs = nowMs + COMPARE_EVERY_MS;
  }

  after(delayMs: number, callback: () => void, nowMs = this.nowMs()): CancelTimer {
    return FarTimers.isFar(delayMs) ? this.#far.at(nowMs + delayMs, callback) : this.#near(delayMs, callback);
  }

  override afterTurn(callback: () => void): void {
    process.nextTick(callback);
  }

  override afterUnref(delayMs: number, callback: () => void): CancelTimer {
    return this.#near(delayMs, callback, (timer) => timer.unref());
  }

  /** Nest calls it, by its name, when an application ends, after everybody who needs the clock: no timer is left. */
  onApplicationShutdown(): void {
    this.#far.rest();
  }

  #near(delayMs: number, callback: () => void, asWanted: AsWanted = (timer) => timer): CancelTimer {
    const dueMs = this.nowMs() + delayMs;
    let timer: NodeJS.Timeout;
    const arm = () => {
      const leftMs = dueMs - this.nowMs();
      // Node's timers may fire up to a millisecond early, and a `Retry-After` must not.
      if (leftMs <= 0) callback();
      else timer = asWanted(setTimeout(arm, Math.min(Math.ceil(leftMs), LONGEST_TIMEOUT_MS)));
    };
    timer = asWanted(setTimeout(arm, Math.min(Math.ceil(delayMs), LONGEST_TIMEOUT_MS)));
    return () => clearTimeout(timer);
  }
}

type AsWanted = (timer: NodeJS.Timeout) => NodeJS.Timeout;

function alarmAfter(delayMs: number, callback: () => void): Alarm {
  // One that comes early finds nothing to do, and is set anew.
  const timer = setTimeout(callback, Math.min(Math.ceil(delayMs), LONGEST_TIMEOUT_MS)).unref();
  return {
    cancel: () => clearTimeout(timer),
    hold: (isHeld) => void (isHeld ? timer.ref() : timer.unref()),
  };
}
