import { MINUTE_MS } from './minute-ring.js';
import type { SeriesName } from './series-book.js';
import type { CountsJson } from './series-counts.js';

/** How long the slots of a resolution are. */
export const SPANS_MS = { '5m': 5 * MINUTE_MS, '1h': 60 * MINUTE_MS } as const;
export type Resolution = keyof typeof SPANS_MS;

/** What one process counted of one workflow and model in one span of time. Resolution, start, series and source name it. */
export interface RollupSlot extends SeriesName {
  readonly resolution: Resolution;
  /** Milliseconds since the epoch; a multiple of the span. */
  readonly startMs: number;
  /** The process that counted it; a process that starts again is another one. */
  readonly source: string;
  readonly counts: CountsJson;
  /** Set when something was known to be wrong during it: what is usual is not learnt from it. */
  readonly isUnwell?: true;
}
