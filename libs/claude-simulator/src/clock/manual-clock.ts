import { SimulatorClock } from './simulator-clock.js';

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

interface Watcher {
  readonly sleepers: number;
  readonly notify: () => void;
}

/** Time that moves only when a test says so. */
export class ManualClock extends SimulatorClock {
  private readonly sleepers = new Set<Sleeper>();
  private readonly watchers = new Set<Watcher>();

  /** @param currentMs the first reading, in milliseconds since the Unix epoch; any fixed date makes tests repeatable */
  constructor(private currentMs: number = Date.UTC(2026, 10, 22, 12)) {
    super();
  }

  override nowMs(): number {
    return this.currentMs;
  }

  /** Moves time forward by a whole number of milliseconds and wakes whoever is due, the earliest first. */
  advance(ms: number): void {
    if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`advance: whole milliseconds, 0 or more, got ${ms}`);
    this.currentMs += ms;
    const due = [...this.sleepers].filter((sleeper) => sleeper.wakeAtMs <= this.currentMs);
    due.sort((a, b) => a.wakeAtMs - b.wakeAtMs);
    for (const sleeper of due) sleeper.wake();
  }

  override sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    if (delayMs <= 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.sleepers.delete(sleeper);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { wakeAtMs: this.currentMs + delayMs, wake };
      this.sleepers.add(sleeper);
      signal.addEventListener('abort', wake);
      this.notifyWatchers();
    });
  }

  /** Resolves once at least `count` requests are waiting on this clock: advance then, and no test has to sleep. */
  whenSleeping(count = 1): Promise<void> {
    return new Promise((resolve) => {
      this.watchers.add({ sleepers: count, notify: resolve });
      this.notifyWatchers();
    });
  }

  private notifyWatchers(): void {
    for (const watcher of this.watchers) {
      if (this.sleepers.size < watcher.sleepers) continue;
      this.watchers.delete(watcher);
      watcher.notify();
    }
  }
}
