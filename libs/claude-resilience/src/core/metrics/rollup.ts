import type { RollupSlot } from './rollup-slot.js';
import type { SeriesName } from './series-book.js';
import { SeriesCounts } from './series-counts.js';

/** Counts of a span of time that begins at `startMs`. */
export interface Counted extends SeriesName {
  readonly startMs: number;
  readonly counts: SeriesCounts;
  readonly isUnwell?: boolean;
}

/**
 * Folds counts of short spans into those of longer ones: one for each series and each span in which something was counted,
 * the oldest first. What is given is not changed, so that folding the same again gives the same.
 */
export function rollUp(parts: readonly Counted[], spanMs: number): readonly Required<Counted>[] {
  const groups = Map.groupBy(parts, ({ startMs, workflow, model }) =>
    JSON.stringify([spanStart(startMs, spanMs), workflow, model]),
  );
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { workflow, model } = first;
      const counts = group.length === 1 ? first.counts : SeriesCounts.sumOf(group.map((part) => part.counts));
      const isUnwell = group.some((part) => part.isUnwell === true);
      return [{ startMs: spanStart(first.startMs, spanMs), workflow, model, counts, isUnwell }];
    })
    .sort((one, other) => one.startMs - other.startMs);
}

/** The start of the span that a moment is in. */
export function spanStart(atMs: number, spanMs: number): number {
  return Math.floor(atMs / spanMs) * spanMs;
}

/** The counts of stored slots; of one that is damaged nothing is known, and the rest goes on. */
export function countedIn(slots: readonly RollupSlot[]): readonly Counted[] {
  return slots.flatMap(({ workflow, model, startMs, counts, isUnwell }) => {
    try {
      return [{ workflow, model, startMs, counts: SeriesCounts.fromJSON(counts), isUnwell: isUnwell === true }];
    } catch {
      return [];
    }
  });
}
