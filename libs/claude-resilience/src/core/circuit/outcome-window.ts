/** Sums over a window of finished calls; neutral ones are not in it. */
export interface WindowFigures {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** Failures since the last success, however long ago. */
  readonly failuresInARow: number;
}

/** What the trip rule looks at. Time and count windows differ only in what they forget, and when. */
export abstract class OutcomeWindow {
  #failuresInARow = 0;

  record(failed: boolean, slow: boolean, nowMs: number): void {
    this.#failuresInARow = failed ? this.#failuresInARow + 1 : 0;
    this.add(failed, slow, nowMs);
  }

  read(nowMs: number): WindowFigures {
    return { ...this.sums(nowMs), failuresInARow: this.#failuresInARow };
  }

  clear(): void {
    this.#failuresInARow = 0;
    this.forget();
  }

  protected abstract add(failed: boolean, slow: boolean, nowMs: number): void;
  protected abstract sums(nowMs: number): Omit<WindowFigures, 'failuresInARow'>;
  protected abstract forget(): void;
}
