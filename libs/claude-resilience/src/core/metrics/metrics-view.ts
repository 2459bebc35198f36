import type { FailuresInARow } from './failure-run.js';
import type { RecordedMinute } from './recorded-minute.js';
import type { SeriesName } from './series-book.js';
import type { SeriesCounts } from './series-counts.js';

/** What calls met lately, of one process or of several. */
export interface MetricsView {
  /** The number of the running minute since the epoch. */
  minute(): number;
  /** Counts of the minutes that began from `fromMs` on and before `untilMs`, the oldest first, of the last hour at most. */
  minutes(fromMs: number, untilMs: number): readonly RecordedMinute[];
  /** The sum of the last `minutes` minutes that are over, and of the one that runs: of everything, or of what is named. */
  window(minutes: number, of?: Partial<SeriesName>): SeriesCounts;
  /** Every workflow and model that something was counted of. */
  names(): readonly SeriesName[];
  /** How many of the newest calls have failed, of a workflow or of all; `undefined` when the newest was served. */
  failuresInARow(workflow?: string): FailuresInARow | undefined;
  /** When a call ended last, of a workflow or of all, in wall-clock milliseconds. */
  lastEndMs(workflow?: string): number | undefined;
}
