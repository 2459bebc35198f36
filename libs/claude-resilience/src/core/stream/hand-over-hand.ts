/**
 * Passes values from one side to the other, one at a time: whoever gives waits until it is taken. So a slow reader slows
 * the writer down, and nothing piles up between them.
 */
export class HandOverHand<T> {
  #offered: { readonly value: T; readonly taken: (goOn: boolean) => void } | undefined;
  #asking:
    | { readonly resolve: (result: IteratorResult<T, undefined>) => void; readonly reject: (error: unknown) => void }
    | undefined;
  #end: { readonly error?: unknown } | undefined;

  /** @returns whether the reader took it, at once if he waits; `false` when nobody reads any more */
  give(value: T): boolean | Promise<boolean> {
    if (this.#end !== undefined) return false;
    if (this.#asking !== undefined) {
      const { resolve } = this.#asking;
      this.#asking = undefined;
      resolve({ done: false, value });
      return true;
    }
    return new Promise((taken) => (this.#offered = { value, taken }));
  }

  /** The writer is done, or failed. */
  end(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end;
    const asking = this.#asking;
    this.#asking = undefined;
    if (asking === undefined) return;
    if ('error' in this.#end) asking.reject(this.#end.error);
    else asking.resolve({ done: true, value: undefined });
  }

  /** Takes back what is offered and was not taken: the writer is told that nobody wants it. */
  withdraw(): void {
    this.#offered?.taken(false);
    this.#offered = undefined;
  }

  /** The reader leaves. */
  leave(): void {
    this.#end = {};
    this.withdraw();
    this.end();
  }

  /** @throws what the writer failed with, once, after the last value */
  take(): Promise<IteratorResult<T, undefined>> {
    const offered = this.#offered;
    if (offered !== undefined) {
      this.#offered = undefined;
      offered.taken(true);
      return Promise.resolve({ done: false, value: offered.value });
    }
    if (this.#end !== undefined) {
      const end = this.#end;
      this.#end = {};
      return 'error' in end ? Promise.reject(end.error as Error) : Promise.resolve({ done: true, value: undefined });
    }
    return new Promise((resolve, reject) => (this.#asking = { resolve, reject }));
  }
}
