import { FAILURE_KINDS, type FailureKind } from '../core/failure/failure.js';
import type { LogSketch } from '../core/metrics/log-sketch.js';
import type { SeriesCounts } from '../core/metrics/series-counts.js';

export interface EmfMetric {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds' | 'None';
  readonly value: number | readonly number[];
}

/** What calls can meet: those that were given up, or not sent, are counted by themselves. */
const ERRORS = FAILURE_KINDS.filter((kind) => kind !== 'cancelled' && kind !== 'circuit_open');

/** The format takes no more values of one metric in one line. */
const MOST_VALUES = 100;

/** Those that every line has, 0 among them: alarms divide by some. */
const ALWAYS = {
  Requests: ({ ok, error, cancelled, rejected }) => ok + error + cancelled + rejected,
  RequestsJudged: ({ judged }) => judged,
  RequestsOk: ({ ok }) => ok,
  RequestsFailed: ({ error }) => error,
  RequestsCancelled: ({ cancelled }) => cancelled,
  RequestsRejected: ({ rejected }) => rejected,
  RequestsRetried: ({ retried }) => retried,
  Fallbacks: ({ fallback }) => fallback,
  DeferredRequests: ({ deferred }) => deferred,
  Errors5xx: ({ met5xx }) => met5xx,
  InputTokens: ({ inputTokens }) => inputTokens,
  OutputTokens: ({ outputTokens }) => outputTokens,
  CacheReadTokens: ({ cacheReadTokens }) => cacheReadTokens,
  CacheWriteTokens: ({ cacheWriteTokens }) => cacheWriteTokens,
  UnpricedRequests: ({ unpriced }) => unpriced,
} as const satisfies Record<string, (counts: SeriesCounts) => number>;

/** What one minute of one workflow is in CloudWatch. Types of errors that were not met are left out: each costs money. */
export function emfMetricsOf(counts: SeriesCounts): readonly EmfMetric[] {
  const errors = counts.errors.toJSON();
  return [
    ...Object.entries(ALWAYS).map(([name, read]) => ({ name, unit: 'Count', value: read(counts) }) as const),
    { name: 'CostUsd', unit: 'None', value: counts.costUsd },
    ...ERRORS.filter((kind) => (errors[kind] ?? 0) > 0).map(
      (kind) => ({ name: errorMetricOf(kind), unit: 'Count', value: errors[kind] ?? 0 }) as const,
    ),
    ...timesOf('RequestDuration', counts.servedMs),
    ...timesOf('FailedRequestDuration', counts.failedMs),
    ...timesOf('TimeToFirstChunk', counts.firstTokenMs),
  ];
}

/** `ErrorsRateLimited`, for example: calls that met it in any attempt, once each. */
export function errorMetricOf(kind: FailureKind): string {
  const words = kind.split('_').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`);
  return `Errors${words.join('')}`;
}

/** Names of all that there can be, for the page that lists them. */
export const EMF_METRIC_NAMES: readonly string[] = [
  ...Object.keys(ALWAYS),
  'CostUsd',
  ...ERRORS.map(errorMetricOf),
  'RequestDuration',
  'FailedRequestDuration',
  'TimeToFirstChunk',
];

function timesOf(name: string, sketch: LogSketch): readonly EmfMetric[] {
  return sketch.count === 0 ? [] : [{ name, unit: 'Milliseconds', value: valuesOf(sketch) }];
}

/** Up to 100 values each is there, within 1 %; of more, 100 that stand for them: percentiles, least and greatest stay what they are. */
function valuesOf(sketch: LogSketch): readonly number[] {
  const { count, min = 0, max = 0 } = sketch;
  const values =
    count <= MOST_VALUES
      ? [...sketch.buckets()].flatMap(([value, times]) => Array.from({ length: times }, () => value))
      : Array.from({ length: MOST_VALUES }, (_, at) => sketch.quantile((at + 0.5) / MOST_VALUES) ?? 0);
  const ends = [min, ...values.slice(1, -1), max].slice(-values.length);
  return ends.map((value) => Math.round(value * 10) / 10);
}
