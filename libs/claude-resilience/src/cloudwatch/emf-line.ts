import type { SeriesCounts } from '../core/metrics/series-counts.js';
import { emfMetricsOf } from './emf-metrics.js';

/** One minute of one workflow. */
export interface EmfMinute {
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  /** As `dimensionValue` gives it. */
  readonly workflow: string;
  readonly counts: SeriesCounts;
}

const LONGEST_VALUE = 250;

/**
 * One line of CloudWatch's embedded metric format, by workflow and over all of them: every further dimension would multiply what
 * is paid for. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emfLine({ startMs, workflow, counts }: EmfMinute, namespace: string): string {
  const metrics = emfMetricsOf(counts);
  return JSON.stringify({
    _aws: {
      Timestamp: startMs,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [['workflow'], []],
          Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    workflow,
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
  });
}

/** CloudWatch takes printable ASCII only; names come from callers. */
export function dimensionValue(name: string): string {
  return (
    name
      .replace(/[^\x20-\x7e]/g, '?')
      .trim()
      .slice(0, LONGEST_VALUE) || '?'
  );
}
