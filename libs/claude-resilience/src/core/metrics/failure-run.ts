import type { Failure, FailureKind } from '../failure/failure.js';
import { isHeldBack } from './is-held-back.js';

/** The newest calls, of whatever age, as far back as all of them failed. */
export interface FailuresInARow {
  readonly count: number;
  /** What the newest failed by. */
  readonly kind: FailureKind;
}

/** At night there are too few calls for a ratio: then it matters how many failed in a row. */
export class FailureRun {
  #count = 0;
  #kind: FailureKind | undefined;

  /** Calls that were given up, or held back, say nothing. */
  heard(failure: Failure | undefined): void {
    if (failure === undefined) {
      this.#count = 0;
      return;
    }
    if (failure.kind === 'cancelled' || isHeldBack(failure)) return;
    this.#count += 1;
    this.#kind = failure.kind;
  }

  get now(): FailuresInARow | undefined {
    return this.#kind === undefined || this.#count === 0 ? undefined : { count: this.#count, kind: this.#kind };
  }
}
