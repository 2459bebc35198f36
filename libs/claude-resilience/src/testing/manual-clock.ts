import { Clock, type CancelTimer } from '../core/clock.port.js';

interface SetTimer {
  readonly dueMs: number;
  readonly callback: () => void;
  readonly isUnref?: true;
}

/** A clock that stands still until told otherwise. Timers fire in order, each at its own time. */
export class ManualClock extends Clock {
  #nowMs = 0;
  #timers: SetTimer[] = [];

  /** @param startWallMs wall-clock milliseconds at the start; the default is 2026-11-22T00:00:00Z */
  constructor(private readonly startWallMs = Date.UTC(2026, 10, 22)) {
    super();
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.startWallMs + this.#nowMs;
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    return this.#set({ dueMs: this.#nowMs + delayMs, callback });
  }

  override afterUnref(delayMs: number, callback: () => void): CancelTimer {
    return this.#set({ dueMs: this.#nowMs + delayMs, callback, isUnref: true });
  }

  #set(timer: SetTimer): CancelTimer {
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Timers that somebody waits for, and that have neither fired nor been cancelled. */
  get pendingTimers(): number {
    return this.#timers.filter(({ isUnref }) => isUnref !== true).length;
  }

  /** Those of housekeeping. */
  get unrefTimers(): number {
    return this.#timers.length - this.pendingTimers;
  }

  /** Milliseconds until the next timer is due, or `undefined`. */
  get nextTimerInMs(): number | undefined {
    const due = this.#timers.map(({ dueMs }) => dueMs);
    return due.length === 0 ? undefined : Math.min(...due) - this.#nowMs;
  }

  /** Moves time forward. Promises that wait for a fired timer continue before the next one fires. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    await settle();
    for (;;) {
      const next = this.#timers.filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.callback();
      await settle();
    }
    this.#nowMs = untilMs;
    await settle();
  }
}

/** Lets everything that is ready run: promise callbacks of any depth. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
