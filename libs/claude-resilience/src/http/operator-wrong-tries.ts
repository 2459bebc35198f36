import type { Clock } from '../core/clock.port.js';

/** Wrong tries of one address within `WINDOW_MS` after which it has to wait for the rest of it. */
const MOST_TRIES = 10;
const WINDOW_MS = 60_000;
/** Addresses that are remembered; beyond that the one that was first wrong is forgotten. */
const MOST_ADDRESSES = 1000;

/** Counts wrong tries by address, in this process. */
export class WrongTries {
  readonly #windows = new Map<string, { readonly sinceMs: number; readonly count: number }>();

  constructor(private readonly clock: Clock) {}

  /** Milliseconds for which nothing more is tried from there; 0 when it may. */
  waitMs(address: string): number {
    const window = this.#window(address);
    return window === undefined || window.count < MOST_TRIES ? 0 : window.sinceMs + WINDOW_MS - this.clock.nowMs();
  }

  add(address: string): void {
    const { sinceMs, count } = this.#window(address) ?? { sinceMs: this.clock.nowMs(), count: 0 };
    this.#windows.set(address, { sinceMs, count: count + 1 });
    const [first] = this.#windows.keys();
    if (this.#windows.size > MOST_ADDRESSES && first !== undefined) this.#windows.delete(first);
  }

  #window(address: string) {
    const window = this.#windows.get(address);
    if (window === undefined || this.clock.nowMs() - window.sinceMs < WINDOW_MS) return window;
    this.#windows.delete(address);
    return undefined;
  }
}
