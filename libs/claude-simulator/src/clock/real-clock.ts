import { setTimeout as wait } from 'node:timers/promises';
import { SimulatorClock } from './simulator-clock.js';

/** Wall time, read from the monotonic timer so that a system clock set back cannot empty or fill a bucket. */
export class RealClock extends SimulatorClock {
  override nowMs(): number {
    return Math.floor(performance.timeOrigin + performance.now());
  }

  override async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    if (delayMs <= 0) return;
    await wait(delayMs, undefined, { signal }).catch(() => undefined);
  }
}
