import type { SeriesBook, SeriesName } from './series-book.js';
import { SeriesCounts } from './series-counts.js';
import { readShownMinute, type SeriesOfMinute } from './shown-metrics.js';

/** One minute of other processes: what each shows of it, and all of it together. */
export class MergedMinute {
  readonly #bySource = new Map<string, { readonly line: string; readonly series: readonly SeriesOfMinute[] }>();
  #merged: readonly SeriesOfMinute[] | undefined;

  /** In place of what it showed before; the same again costs nothing. */
  hear(source: string, line: string): void {
    if (this.#bySource.get(source)?.line === line) return;
    this.#bySource.set(source, { line, series: readShownMinute(line) });
    this.#merged = undefined;
  }

  /** @param names those that are told apart */
  series(names: SeriesBook<SeriesName>): readonly SeriesOfMinute[] {
    return (this.#merged ??= this.#merge(names));
  }

  /** Nobody shows anything of it any more. */
  settle(names: SeriesBook<SeriesName>): void {
    this.series(names);
    this.#bySource.clear();
  }

  #merge(names: SeriesBook<SeriesName>): readonly SeriesOfMinute[] {
    const sums = new Map<SeriesName, SeriesCounts>();
    for (const { series } of this.#bySource.values()) {
      for (const { name, counts } of series) {
        const known = names.of(name.workflow, name.model);
        const sum = sums.get(known) ?? SeriesCounts.empty();
        sum.merge(counts);
        sums.set(known, sum);
      }
    }
    return [...sums].map(([name, counts]) => ({ name, counts }));
  }
}
