/** Sums over a window of finished calls; neutral ones are not in it. */
export interface WindowFigures {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** Failures since the last success, however long ago. */
  readonly failuresInARow: number;
  /** Milliseconds from the first to the last of them; 0 when there are none. */
  readonly rowMs: number;
}

/** What the trip rule looks at. Time and count windows differ only in what they forget, and when. */
export abstract class OutcomeWindow {
  #failuresInARow = 0;
  #rowSinceMs = 0;
  #rowMs = 0;

  record(failed: boolean, slow: boolean, nowMs: number): void {
    this.#failuresInARow = failed ? this.#failuresInARow + 1 : 0;
    if (this.#failuresInARow <= 1) this.#rowSinceMs = nowMs;
    this.#rowMs = nowMs - this.#rowSinceMs;
    this.add(failed, slow, nowMs);
  }

  read(nowMs: number): WindowFigures {
    return { ...this.sums(nowMs), failuresInARow: this.#failuresInARow, rowMs: this.#rowMs };
  }

  /** Whether no call in it gives any rule a reason. */
  get isSpotless(): boolean {
    return this.#failuresInARow === 0 && this.hasOnlyGood();
  }

  clear(): void {
    this.#failuresInARow = this.#rowMs = 0;
    this.forget();
  }

  protected abstract add(failed: boolean, slow: boolean, nowMs: number): void;
  protected abstract hasOnlyGood(): boolean;
  protected abstract sums(nowMs: number): Omit<WindowFigures, 'failuresInARow' | 'rowMs'>;
  protected abstract forget(): void;
}
