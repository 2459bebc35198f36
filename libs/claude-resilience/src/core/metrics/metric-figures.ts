import type { FailureKind } from '../failure/failure.js';
import type { LogSketch } from './log-sketch.js';
import type { KindCounts } from './kind-tally.js';
import type { SeriesCounts } from './series-counts.js';

/** Below so many values a median or a 95th percentile says nothing. */
const LEAST_FOR_QUANTILES = 20;
const LEAST_FOR_P99 = 100;

/** How values are distributed; `null` where there are too few of them to say. */
export interface Distribution {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  /** `null` below 100 values, the others below 20. */
  readonly p99: number | null;
  readonly max: number | null;
}

/** What people and rules look at, of some time and some series. Ratios are 0..1, and `null` when there was nothing. */
export interface MetricFigures {
  /** Calls that ratios are about: answered by the API, or failed and not `rejected`. */
  readonly judged: number;
  readonly ok: number;
  readonly error: number;
  readonly cancelled: number;
  readonly rejected: number;
  readonly fallback: number;
  readonly deferred: number;
  /** Of the judged calls, those that failed in the end. */
  readonly errorRatio: number | null;
  /** Judged calls that met each kind of failure in any attempt: retries hide nothing (R30). */
  readonly errors: KindCounts;
  /** The same as shares of the judged calls, each at most 1. */
  readonly errorRatios: Readonly<Partial<Record<FailureKind, number>>>;
  /** Judged calls that met `server_error`, `overloaded` or both: what R30 calls 5xx. */
  readonly met5xx: number;
  /** Of the judged calls, those that were repeated (R32). */
  readonly retryRatio: number | null;
  readonly retries: number;
  readonly attempts: number;
  readonly latencyMs: Distribution;
  readonly firstTokenMs: Distribution;
  readonly promptTokens: Distribution;
  readonly answerTokens: Distribution;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly costUsd: number;
  /** Calls that used tokens and whose cost is not known: `costUsd` is too low then. */
  readonly unpriced: number;
}

export function figuresOf(counts: SeriesCounts): MetricFigures {
  const { judged, ok, error, cancelled, rejected, fallback, deferred, costUsd, unpriced } = counts;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = counts;
  const errors = counts.errors.toJSON();
  return {
    judged,
    ok,
    error,
    cancelled,
    rejected,
    fallback,
    deferred,
    errorRatio: ratio(error, judged),
    errors,
    errorRatios: Object.fromEntries(Object.entries(errors).map(([kind, met]) => [kind, ratio(met, judged) ?? 0])),
    met5xx: counts.met5xx,
    retryRatio: ratio(counts.retried, judged),
    retries: sumOf(counts.retries.toJSON()),
    attempts: counts.attemptsOk + sumOf(counts.attemptsFailed.toJSON()),
    latencyMs: distributionOf(counts.servedMs),
    firstTokenMs: distributionOf(counts.firstTokenMs),
    promptTokens: distributionOf(counts.promptTokens),
    answerTokens: distributionOf(counts.answerTokens),
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    costUsd,
    unpriced,
  };
}

function distributionOf(sketch: LogSketch): Distribution {
  const { count } = sketch;
  const at = (share: number, least = LEAST_FOR_QUANTILES) => (count < least ? null : (sketch.quantile(share) ?? null));
  return { count, p50: at(0.5), p95: at(0.95), p99: at(0.99, LEAST_FOR_P99), max: sketch.max ?? null };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sumOf(counts: KindCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
