import { Clock, type CancelTimer } from '../../libs/claude-resilience/src/core/clock.port.js';
import { TimerHeap, type Timer } from './timer-heap.js';

/** Timers after which the process hears signals and I/O again: about every hundredth of a second. */
const STEPS_IN_A_ROW = 10_000;

/**
 * Time that passes as fast as the machine can: it jumps to the next timer that is due, fires it, and lets everything
 * that waited for it run (promises of any depth) before the next one. Same timers, same order: nothing depends on speed.
 */
export class VirtualClock extends Clock {
  #nowMs = 0;
  #set = 0;
  readonly #timers = new TimerHeap();

  constructor(private readonly startWallMs = Date.UTC(2026, 10, 22)) {
    super();
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.startWallMs + this.#nowMs;
  }

  /** Cancelled timers stay in the heap until they are due: cheaper than looking for them. */
  after(delayMs: number, callback: () => void): CancelTimer {
    const timer: Timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#set++, callback };
    this.#timers.add(timer);
    return () => (timer.callback = undefined);
  }

  /** Moves to `untilMs`. Rejects with what a timer throws. */
  run(untilMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let steps = 0;
      // A tick that a microtask asks for comes when no microtask is left: all promises have settled then.
      const settleAndStep = () => queueMicrotask(() => process.nextTick(step));
      const step = () => {
        const callback = this.#nextCallback(untilMs);
        if (callback === undefined) {
          this.#nowMs = untilMs;
          return resolve();
        }
        try {
          callback();
        } catch (error) {
          return reject(error as Error);
        }
        if (++steps % STEPS_IN_A_ROW === 0) setImmediate(step);
        else settleAndStep();
      };
      settleAndStep();
    });
  }

  /** Moves to the next timer that was not cancelled. */
  #nextCallback(untilMs: number): (() => void) | undefined {
    for (;;) {
      const timer = this.#timers.first;
      if (timer === undefined || timer.dueMs > untilMs) return undefined;
      this.#timers.removeFirst();
      const { callback } = timer;
      if (callback === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      timer.callback = undefined;
      return callback;
    }
  }
}
