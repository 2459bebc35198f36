/** How often somebody is told of a subscriber's trouble, in milliseconds. */
const TELL_EVERY_MS = 10_000;

/** What went wrong with one subscriber since it was last told. */
export interface TroubleReport {
  /** Events it will never hear: it was too slow for them. */
  readonly dropped: number;
  /** How often it threw, or its promise was rejected. */
  readonly failed: number;
  /** Name of the last of its errors; their messages may hold anything. */
  readonly errorName?: string;
}

/**
 * Counts a subscriber's trouble and says when it is told: at once, and then every ten seconds at most, so that telling of
 * it is no storm of its own. All counts that were told add up to what happened.
 */
export class SubscriberTrouble {
  #dropped = 0;
  #failed = 0;
  #errorName: string | undefined;
  #toldAtMs = -Infinity;

  dropped(nowMs: number): TroubleReport | undefined {
    this.#dropped++;
    return this.due(nowMs);
  }

  failed(nowMs: number, error: unknown): TroubleReport | undefined {
    this.#failed++;
    this.#errorName = nameOf(error);
    return this.due(nowMs);
  }

  /** @returns what has not been told yet, once it may be */
  due(nowMs: number): TroubleReport | undefined {
    return nowMs - this.#toldAtMs < TELL_EVERY_MS ? undefined : this.rest(nowMs);
  }

  /** @returns what has not been told yet */
  rest(nowMs: number): TroubleReport | undefined {
    const [dropped, failed, errorName] = [this.#dropped, this.#failed, this.#errorName];
    if (dropped + failed === 0) return undefined;
    this.#dropped = 0;
    this.#failed = 0;
    this.#errorName = undefined;
    this.#toldAtMs = nowMs;
    return { dropped, failed, ...(errorName !== undefined && { errorName }) };
  }
}

/** Whoever throws may throw anything, a trap among them. */
function nameOf(error: unknown): string {
  try {
    const { name } = error as { readonly name?: unknown };
    return typeof name === 'string' ? name : typeof error;
  } catch {
    return typeof error;
  }
}
