import type { LogSketch } from '../core/metrics/log-sketch.js';
import { histogramOf } from '../core/metrics/metrics-snapshot.js';
import type { Labels, Sample } from './sample.js';

/** The lines of a histogram; none of one that has never heard anything. @param unit as of `histogramOf` */
export function histogramSamples(
  sketch: LogSketch,
  labels: Labels,
  bounds: readonly number[],
  unit = 1,
): readonly Sample[] {
  if (sketch.count === 0) return [];
  const { buckets, count, sum } = histogramOf(sketch, bounds, unit);
  return [
    ...buckets.map(({ bound, count: value }) => ({
      part: '_bucket' as const,
      labels: { ...labels, le: String(bound) },
      value,
    })),
    { part: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
    { part: '_sum', labels, value: sum },
    { part: '_count', labels, value: count },
  ];
}
