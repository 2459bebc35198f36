export const MINUTE_MS = 60_000;

interface Entry<T> {
  readonly minute: number;
  readonly slot: T;
}

/** What happened in each of the last `size` minutes, by their number since the epoch. Minutes without anything take no room. */
export class MinuteRing<T> {
  readonly #entries: (Entry<T> | undefined)[];

  constructor(readonly size: number) {
    this.#entries = Array.from({ length: size }, () => undefined);
  }

  get(minute: number): T | undefined {
    const entry = this.#entries[placeIn(this.size, minute)];
    return entry?.minute === minute ? entry.slot : undefined;
  }

  /** Takes the place of the minute that was `size` minutes earlier, or of one that has the same number. */
  set(minute: number, slot: T): void {
    this.#entries[placeIn(this.size, minute)] = { minute, slot };
  }

  /** Those that there are from `first` to `last`, both included, the oldest first. */
  *between(first: number, last: number): Generator<Entry<T>> {
    for (let minute = Math.max(first, last - this.size + 1); minute <= last; minute++) {
      const entry = this.#entries[placeIn(this.size, minute)];
      if (entry?.minute === minute) yield entry;
    }
  }
}

function placeIn(size: number, minute: number): number {
  return ((minute % size) + size) % size;
}
