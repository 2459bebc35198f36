/** Tells of the store's trouble once, whoever meets it, and of its end when nobody meets it any more. */
export class TroubleReport {
  readonly #troubled = new Set<object>();

  /** @param tell is given an error, or `undefined` when all is well again */
  constructor(private readonly tell: (error: unknown) => void) {}

  bad(who: object, error: unknown): void {
    const isKnown = this.#troubled.size > 0;
    this.#troubled.add(who);
    // What was thrown may be nothing at all.
    if (!isKnown) this.tell(error ?? new Error('The store of deferred requests failed without a word'));
  }

  well(who: object): void {
    if (this.#troubled.delete(who) && this.#troubled.size === 0) this.tell(undefined);
  }
}
