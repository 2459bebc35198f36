import type { Failure, FailureKind } from '../failure/failure.js';
import { isHeldBack } from './is-held-back.js';

/** The newest calls, of whatever age, as far back as all of them failed. */
export interface FailuresInARow {
  readonly count: number;
  /** What the newest failed by. */
  readonly kind: FailureKind;
}

/** The same with its times, for other replicas: plain data, in wall-clock milliseconds. */
export interface FailureRunTail {
  /** Failures in a row; 0: the newest call was served, or there was none. */
  readonly count: number;
  readonly kind?: FailureKind;
  /** The first and the newest of them. */
  readonly sinceMs?: number;
  readonly newestMs?: number;
  /** When a call was served last. */
  readonly servedMs?: number;
  /** When a call ended last, whatever came of it. */
  readonly endedMs?: number;
}

/** No moment: before all others. */
const NEVER_MS = -Infinity;

/** At night there are too few calls for a ratio: then it matters how many failed in a row. */
export class FailureRun {
  #count = 0;
  #kind: FailureKind | undefined;
  #sinceMs = 0;
  #newestMs = 0;
  #servedMs = NEVER_MS;
  #unservedMs = NEVER_MS;
  /** Whether the newest was served: a clock that was set back does not say. */
  #isServedLast = false;

  /** Calls that were given up, or held back, say nothing. @param atMs wall-clock milliseconds */
  failed(failure: Failure, atMs: number): void {
    this.#unservedMs = atMs;
    this.#isServedLast = false;
    if (failure.kind === 'cancelled' || isHeldBack(failure)) return;
    if (this.#count === 0) this.#sinceMs = atMs;
    this.#count += 1;
    this.#kind = failure.kind;
    this.#newestMs = atMs;
  }

  /** Apart from failures: most calls end so, and what is small becomes a part of its caller. */
  served(atMs: number): void {
    this.#count = 0;
    this.#servedMs = atMs;
    this.#isServedLast = true;
  }

  get now(): FailuresInARow | undefined {
    return this.#kind === undefined || this.#count === 0 ? undefined : { count: this.#count, kind: this.#kind };
  }

  get endedMs(): number | undefined {
    const endedMs = this.#isServedLast ? this.#servedMs : this.#unservedMs;
    return endedMs === NEVER_MS ? undefined : endedMs;
  }

  get tail(): FailureRunTail {
    const { now, endedMs } = this;
    return {
      count: 0,
      ...(now !== undefined && { ...now, sinceMs: this.#sinceMs, newestMs: this.#newestMs }),
      ...(this.#servedMs !== NEVER_MS && { servedMs: this.#servedMs }),
      ...(endedMs !== undefined && { endedMs }),
    };
  }
}

/**
 * The run of several replicas: what failed since one of them served a call last. Of a run that began before that, only the
 * newest is known to be later.
 */
export function mergeRuns(tails: readonly FailureRunTail[]): FailuresInARow | undefined {
  const servedMs = Math.max(-Infinity, ...tails.map((tail) => tail.servedMs ?? -Infinity));
  const later = tails.filter(({ count, newestMs = -Infinity }) => count > 0 && newestMs > servedMs);
  const newest = later.reduce<FailureRunTail | undefined>(
    (best, tail) => ((tail.newestMs ?? 0) > (best?.newestMs ?? -Infinity) ? tail : best),
    undefined,
  );
  if (newest?.kind === undefined) return undefined;
  const count = later.reduce((sum, tail) => sum + ((tail.sinceMs ?? 0) > servedMs ? tail.count : 1), 0);
  return { count, kind: newest.kind };
}
