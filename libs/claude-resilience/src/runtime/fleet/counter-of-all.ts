/** One counter that replicas share, as one of them sees it. It only grows, whatever becomes of the store. */
export class CounterOfAll {
  /** Given to the beats: they bring it there, once, be it later. */
  #added = 0;
  #heard = 0;
  #lost = 0;
  /** Of what was added, how much is in what was heard last; `undefined`: nobody knows. */
  #arrived: number | undefined = 0;

  /** What the store has lost of it, as far as anybody knows: it was emptied, or went back to what its disk had. */
  get lost(): number {
    return this.#lost;
  }

  /** What the other replicas have counted. */
  get others(): number {
    return Math.max(0, this.#heard + this.#lost - this.#added);
  }

  /** @param counted by this replica since its start @returns what is to be added */
  toAdd(counted: number): number {
    const by = Math.max(0, counted - this.#added);
    this.#added += by;
    return by;
  }

  /** @param sum of all, as the store has it @param lost the most that another replica knows to be lost @param isAllAdded all of `toAdd` is in it */
  hear(sum: number | undefined, lost: number, isAllAdded: boolean): void {
    if (sum === undefined) return;
    // What came since is in it: a store that forgot may have as much again, and is found out all the same.
    const since = isAllAdded && this.#arrived !== undefined ? this.#added - this.#arrived : 0;
    this.#lost = Math.max(lost, this.#lost + Math.max(0, this.#heard + since - sum));
    this.#heard = sum;
    this.#arrived = isAllAdded ? this.#added : undefined;
  }
}
