import type { Counted } from '../metrics/rollup.js';
import { spanStart } from '../metrics/rollup.js';
import { SeriesCounts } from '../metrics/series-counts.js';
import { trafficFiguresOf, type ErrorCounts } from './traffic-figures.js';

/** One point of a chart: what was counted in one span of time. `judged` 0: nothing is known, which is not nothing wrong. */
export interface ChartPoint {
  /** Wall-clock milliseconds. */
  readonly startMs: number;
  readonly judged: number;
  readonly failed: number;
  readonly errors: ErrorCounts;
  readonly retried: number;
  /** Milliseconds; `null`: too few calls to say. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly tokens: number;
  readonly costUsd: number;
}

/** One point for each span from `fromMs` to `untilMs`, also where nothing was counted. */
export function chartPoints(
  counted: readonly Counted[],
  spanMs: number,
  fromMs: number,
  untilMs: number,
): readonly ChartPoint[] {
  const bySpan = Map.groupBy(counted, ({ startMs }) => spanStart(startMs, spanMs));
  const firstMs = spanStart(fromMs, spanMs);
  const spans = Math.max(0, Math.ceil((untilMs - firstMs) / spanMs));
  return Array.from({ length: spans }, (_, index) => {
    const startMs = firstMs + index * spanMs;
    return chartPoint(startMs, bySpan.get(startMs) ?? []);
  });
}

function chartPoint(startMs: number, parts: readonly Counted[]): ChartPoint {
  const counts = SeriesCounts.sumOf(parts.map((part) => part.counts));
  const { judged, failed, errors, retried, p50Ms, p95Ms, p99Ms } = trafficFiguresOf(counts);
  const tokens = counts.inputTokens + counts.cacheReadTokens + counts.cacheWriteTokens + counts.outputTokens;
  return { startMs, judged, failed, errors, retried, p50Ms, p95Ms, p99Ms, tokens, costUsd: counts.costUsd };
}
