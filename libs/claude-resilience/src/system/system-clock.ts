import { performance } from 'node:perf_hooks';
import { Clock, type CancelTimer } from '../core/clock.port.js';

/** `setTimeout` fires at once for anything longer. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export class SystemClock extends Clock {
  nowMs(): number {
    return performance.now();
  }

  wallMs(): number {
    return Date.now();
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    return this.#set(delayMs, callback, (timer) => timer);
  }

  override afterUnref(delayMs: number, callback: () => void): CancelTimer {
    return this.#set(delayMs, callback, (timer) => timer.unref());
  }

  #set(delayMs: number, callback: () => void, asWanted: (timer: NodeJS.Timeout) => NodeJS.Timeout): CancelTimer {
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
