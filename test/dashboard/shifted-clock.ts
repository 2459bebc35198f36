import { SystemClock } from '../../libs/claude-resilience/src/system/system-clock.js';

/** The real time, and as much more as a test says: an hour of traffic need not take one. Timers run in real time. */
export class ShiftedClock extends SystemClock {
  #shiftMs = 0;

  /** @param startWallMs what the wall clock says at the start */
  constructor(startWallMs: number) {
    super();
    this.#wallShiftMs = startWallMs - super.wallMs();
  }
  readonly #wallShiftMs: number;

  override nowMs(): number {
    return super.nowMs() + this.#shiftMs;
  }

  override wallMs(): number {
    return super.wallMs() + this.#wallShiftMs + this.#shiftMs;
  }

  override after(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.ceil(delayMs));
    return () => clearTimeout(timer);
  }

  jump(byMs: number): void {
    this.#shiftMs += byMs;
  }
}
