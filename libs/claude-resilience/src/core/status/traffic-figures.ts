import { alertErrorTypeOf, type AlertErrorType } from '../alerts/alert-error-type.js';
import type { FailureKind } from '../failure/failure.js';
import type { Baseline } from '../metrics/baseline.js';
import { figuresOf } from '../metrics/metric-figures.js';
import type { SeriesCounts } from '../metrics/series-counts.js';

/** What calls of some time met. Shares are 0 to 1, and `null` when there was nothing to share. */
export interface TrafficFigures {
  /** Calls that shares are about: answered by the API, or failed, and neither cancelled nor refused by a circuit. */
  readonly judged: number;
  readonly served: number;
  readonly failed: number;
  /** Nothing was sent: a circuit is open, an account stopped, a turn would have come too late. */
  readonly refused: number;
  readonly fallbacks: number;
  readonly deferred: number;
  readonly errorRatio: number | null;
  /** Judged calls that met each type of error in any attempt: retries hide nothing. */
  readonly errors: ErrorCounts;
  readonly retried: number;
  readonly retryRatio: number | null;
  /** Milliseconds; `null`: too few calls to say. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export type ErrorCounts = Readonly<Partial<Record<AlertErrorType, number>>>;

/** What is usual, as far as somebody knows. */
export type Usual = { readonly state: 'unknown' } | Baseline;
export const NOT_KNOWN: Usual = Object.freeze({ state: 'unknown' });

export function trafficFiguresOf(counts: SeriesCounts): TrafficFigures {
  const { judged, ok, error, rejected, fallback, deferred, errorRatio, retryRatio, latencyMs } = figuresOf(counts);
  return {
    judged,
    served: ok,
    failed: error,
    refused: rejected,
    fallbacks: fallback,
    deferred,
    errorRatio,
    errors: errorCountsOf(counts),
    retried: counts.retried,
    retryRatio,
    p50Ms: latencyMs.p50,
    p95Ms: latencyMs.p95,
    p99Ms: latencyMs.p99,
  };
}

/** By the types that alerts are about: 5xx are one. */
export function errorCountsOf({ errors, met5xx }: SeriesCounts): ErrorCounts {
  const byType: Partial<Record<AlertErrorType, number>> = {};
  for (const [kind, count] of Object.entries(errors.toJSON())) {
    const type = alertErrorTypeOf(kind as FailureKind);
    if (type !== undefined && type !== 'upstream_5xx') byType[type] = count;
  }
  if (met5xx > 0) byType.upstream_5xx = met5xx;
  return byType;
}
