import { FAILURE_KINDS, type FailureKind } from '../failure/failure.js';

/** How often each kind of failure was met; those that were not are left out. */
export type KindCounts = Readonly<Partial<Record<FailureKind, number>>>;

/** Counts by kind of failure, in an array: nothing is looked up by name when something happens. */
export class KindTally {
  readonly #counts = FAILURE_KINDS.map(() => 0);
  /** Most minutes have no failure: they are quick to add up. */
  #isEmpty = true;

  add(kind: FailureKind): void {
    this.addAt(placeOf(kind));
  }

  /** Every kind of a set, once: bit `placeOf(kind)` is set for each of its kinds. */
  addAll(kinds: number): void {
    for (let at = 0, left = kinds; left !== 0; at++, left >>>= 1) if ((left & 1) === 1) this.addAt(at);
  }

  merge(other: KindTally): void {
    if (other.#isEmpty) return;
    for (let at = 0; at < this.#counts.length; at++) this.addAt(at, other.#counts[at]);
  }

  toJSON(): KindCounts {
    return Object.fromEntries(
      FAILURE_KINDS.map((kind, at) => [kind, this.#counts[at] ?? 0]).filter(([, n]) => n !== 0),
    );
  }

  /** Kinds of a later version are passed over. */
  static fromJSON(counts: KindCounts): KindTally {
    const tally = new KindTally();
    for (const [at, kind] of FAILURE_KINDS.entries()) tally.addAt(at, counts[kind] ?? 0);
    return tally;
  }

  private addAt(at: number, count = 1): void {
    this.#counts[at] = (this.#counts[at] ?? 0) + count;
    if (count !== 0) this.#isEmpty = false;
  }
}

const PLACES: ReadonlyMap<FailureKind, number> = new Map(FAILURE_KINDS.map((kind, at) => [kind, at]));

/** The bit of a kind in a set of kinds. */
export function bitOf(kind: FailureKind): number {
  return 1 << placeOf(kind);
}

function placeOf(kind: FailureKind): number {
  return PLACES.get(kind) ?? 0;
}
