/** First in, first out; where there is no room, the oldest makes some. */
export class NewestQueue<T> {
  #items: T[] = [];
  #head = 0;

  /** @param capacity items that are kept, 1 or more */
  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** @returns how many had to go: 0 or 1 */
  push(item: T): 0 | 1 {
    this.#items.push(item);
    if (this.size <= this.capacity) return 0;
    this.take();
    return 1;
  }

  take(): T | undefined {
    const item = this.#items[this.#head];
    if (this.#head < this.#items.length) this.#head++;
    // What was taken is let go in lots: shifting each of a thousand would move all the others.
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** All that is kept, the newest first. */
  newest(): readonly T[] {
    return this.#items.slice(this.#head).toReversed();
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
