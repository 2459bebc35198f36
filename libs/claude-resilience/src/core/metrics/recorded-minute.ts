import type { SeriesName } from './series-book.js';
import type { SeriesCounts } from './series-counts.js';

/** The counts of one minute. */
export interface RecordedMinute extends SeriesName {
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly counts: SeriesCounts;
}
