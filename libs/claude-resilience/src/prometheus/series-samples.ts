import { FAILURE_KINDS } from '../core/failure/failure.js';
import type { RecordedTotal } from '../core/metrics/metrics-recorder.js';
import { HISTOGRAM_BOUNDS } from '../core/metrics/metrics-snapshot.js';
import { histogramSamples } from './histogram-samples.js';
import type { MetricKey } from './metric-set.js';
import type { Sample } from './sample.js';

/** In seconds: what was promised for later comes within minutes, or after an outage of hours. */
const LATER_BOUNDS = [1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400];
/** Errors of requests; told from the first call on, since what begins with its first error has no increase to see. */
const ERROR_TYPES = FAILURE_KINDS.filter((kind) => kind !== 'cancelled' && kind !== 'circuit_open');

/** What was counted of one workflow and model. */
export function seriesSamples({
  workflow,
  model,
  inFlight,
  counts,
}: RecordedTotal): readonly (readonly [MetricKey, readonly Sample[]])[] {
  const series = { workflow, model };
  const one = (value: number): readonly Sample[] => [{ labels: series, value }];
  const by = (label: string, values: Readonly<Record<string, number>>): readonly Sample[] =>
    Object.entries(values).map(([name, value]) => ({ labels: { ...series, [label]: name }, value }));
  const { ok, error, cancelled, rejected } = counts;
  const errors = counts.errors.toJSON();
  const seconds = HISTOGRAM_BOUNDS.requestSeconds;
  return [
    ['requests', by('outcome', { ok, error, cancelled, rejected })],
    ['requestErrors', by('error_type', Object.fromEntries(ERROR_TYPES.map((kind) => [kind, errors[kind] ?? 0])))],
    ['upstream5xx', one(counts.met5xx)],
    ['retriedRequests', one(counts.retried)],
    ['fallbacks', one(counts.fallback)],
    ['deferred', one(counts.deferred)],
    ['attempts', by('result', { ok: counts.attemptsOk, ...counts.attemptsFailed.toJSON() })],
    ['retries', by('error_type', counts.retries.toJSON())],
    ['retryWait', one(counts.retryWaitMs / 1_000)],
    [
      'requestDuration',
      [
        ...histogramSamples(counts.servedMs, { ...series, outcome: 'ok' }, seconds, 1_000),
        ...histogramSamples(counts.failedMs, { ...series, outcome: 'error' }, seconds, 1_000),
      ],
    ],
    ['timeToFirstChunk', histogramSamples(counts.firstTokenMs, series, HISTOGRAM_BOUNDS.firstTokenSeconds, 1_000)],
    ['deferredDuration', histogramSamples(counts.laterMs, { workflow }, LATER_BOUNDS, 1_000)],
    ['inflight', one(inFlight)],
    [
      'tokens',
      by('direction', {
        input: counts.inputTokens,
        output: counts.outputTokens,
        cache_read: counts.cacheReadTokens,
        cache_write: counts.cacheWriteTokens,
      }),
    ],
    [
      'tokensPerRequest',
      [
        ...histogramSamples(counts.promptTokens, { workflow, direction: 'input' }, HISTOGRAM_BOUNDS.tokens),
        ...histogramSamples(counts.answerTokens, { workflow, direction: 'output' }, HISTOGRAM_BOUNDS.tokens),
      ],
    ],
    ['cost', one(counts.costUsd)],
    ['unpriced', one(counts.unpriced)],
  ];
}
