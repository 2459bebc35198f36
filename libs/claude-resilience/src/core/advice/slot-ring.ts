interface Entry<T> {
  readonly index: number;
  readonly slot: T;
}

/** The last `size` spans of time of one length, each with what happened in it. Spans in which nothing did take no room. */
export class SlotRing<T> {
  readonly #entries: (Entry<T> | undefined)[] = [];
  /** That of the last moment asked for: mostly the next one's, too. */
  #last: Entry<T> | undefined;

  constructor(
    readonly spanMs: number,
    readonly size: number,
    private readonly begin: () => T,
  ) {}

  /** The slot of a moment, begun when there is none. */
  at(ms: number): T {
    const index = this.indexOf(ms);
    if (this.#last?.index === index) return this.#last.slot;
    const entry = this.#entryAt(index);
    this.#last = entry;
    return entry.slot;
  }

  #entryAt(index: number): Entry<T> {
    const place = ((index % this.size) + this.size) % this.size;
    const known = this.#entries[place];
    if (known?.index === index) return known;
    const entry = { index, slot: this.begin() };
    this.#entries[place] = entry;
    return entry;
  }

  /**
   * Slots that hold something, in no order: those of the last `lastMs`, the running one included.
   *
   * @param afterMs only slots that began after this moment
   */
  since(nowMs: number, lastMs: number, afterMs = -Infinity): readonly T[] {
    return this.entries(nowMs, lastMs, afterMs).map(({ slot }) => slot);
  }

  /** The same with the number of each span. */
  entries(nowMs: number, lastMs: number, afterMs = -Infinity): readonly Entry<T>[] {
    const last = this.indexOf(nowMs);
    const first = last - Math.min(this.size, Math.ceil(lastMs / this.spanMs));
    const after = this.indexOf(afterMs);
    const isIn = ({ index }: Entry<T>) => index > first && index <= last && index > after;
    return this.#entries.filter((entry) => entry !== undefined && isIn(entry)) as readonly Entry<T>[];
  }

  indexOf(ms: number): number {
    return Math.floor(ms / this.spanMs);
  }
}
