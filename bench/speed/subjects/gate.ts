/** Keeps those who wait, until it opens. */
export class Gate {
  #passed = Promise.withResolvers<void>();

  /** Fulfilled when it opens. */
  get passed(): Promise<void> {
    return this.#passed.promise;
  }

  shut(): void {
    this.#passed = Promise.withResolvers<void>();
  }

  open(): void {
    this.#passed.resolve();
  }
}
