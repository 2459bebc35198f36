import type { LogSketch } from './log-sketch.js';
import type { MetricsRecorder } from './metrics-recorder.js';
import type { Overflow, SeriesName } from './series-book.js';
import { SeriesCounts, type CountsJson } from './series-counts.js';

/** One workflow and model, since the start. */
export interface SeriesSnapshot extends SeriesName {
  readonly inFlight: number;
  readonly counts: CountsJson;
}

/** All that was counted since the process began, as plain data: for exporters, and for sums over replicas. */
export interface MetricsSnapshot {
  /** Milliseconds since the epoch; of several replicas, the earliest. */
  readonly sinceMs: number;
  readonly series: readonly SeriesSnapshot[];
  readonly overflow: Overflow;
}

export function snapshotOf(recorder: MetricsRecorder): MetricsSnapshot {
  const { sinceMs, overflow } = recorder;
  const series = recorder.totals().map(({ counts, ...about }) => ({ ...about, counts: counts.toJSON() }));
  return { sinceMs, series, overflow };
}

/** What one process would have counted that had done the work of all of them. */
export function mergeSnapshots(replicas: readonly MetricsSnapshot[]): MetricsSnapshot {
  const sums = new Map<string, { name: SeriesName; inFlight: number; counts: SeriesCounts }>();
  for (const { workflow, model, inFlight, counts } of replicas.flatMap(({ series }) => series)) {
    const key = JSON.stringify([workflow, model]);
    const sum = sums.get(key) ?? { name: { workflow, model }, inFlight: 0, counts: SeriesCounts.empty() };
    sum.inFlight += inFlight;
    sum.counts.merge(SeriesCounts.fromJSON(counts));
    sums.set(key, sum);
  }
  const total = (name: keyof Overflow) => replicas.reduce((sum, { overflow }) => sum + overflow[name], 0);
  return {
    sinceMs: Math.min(...replicas.map(({ sinceMs }) => sinceMs)),
    series: [...sums.values()].map(({ name, inFlight, counts }) => ({ ...name, inFlight, counts: counts.toJSON() })),
    overflow: { workflow: total('workflow'), model: total('model'), series: total('series') },
  };
}

/** Upper ends of the buckets of histograms, as exporters give them. */
export const HISTOGRAM_BOUNDS = {
  requestSeconds: [0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600],
  firstTokenSeconds: [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60],
  tokens: [64, 256, 1_000, 4_000, 16_000, 32_000, 64_000, 128_000, 200_000, 500_000, 1_000_000],
} as const;

export interface Histogram {
  readonly buckets: readonly { readonly bound: number; readonly count: number }[];
  readonly count: number;
  readonly sum: number;
}

/**
 * A histogram of a sketch: cumulative, without the bucket of everything, which is `count`. Values within 1 % of a bound may be
 * on the wrong side of it; `count` and `sum` are exact. No count ever falls while the sketch grows: which side a value is on
 * does not hang on what others were.
 *
 * @param bounds rising @param unit of the bounds, in those of the sketch: 1 000 for bounds in seconds of a sketch in milliseconds
 */
export function histogramOf(sketch: LogSketch, bounds: readonly number[], unit = 1): Histogram {
  const steps = [...sketch.buckets()];
  let at = 0;
  let found = 0;
  const buckets = bounds.map((bound) => {
    for (let step = steps[at]; step !== undefined && step[0] <= bound * unit; step = steps[++at]) found += step[1];
    return { bound, count: found };
  });
  return { buckets, count: sketch.count, sum: sketch.sum / unit };
}
