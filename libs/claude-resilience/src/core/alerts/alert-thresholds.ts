import type { AlertErrorType } from './alert-error-type.js';
import type { AlertTiming } from './next-alert-state.js';

const MINUTE_MS = 60_000;

/**
 * When each rule fires. Shares are 0 to 1 and fire strictly above; `pendingMs` is how long it must last first, `clearMs` how
 * long it must be well before it resolves, both in milliseconds. `false`: there is no such rule.
 */
export interface AlertThresholds {
  readonly errorRate: ErrorRateThresholds | false;
  readonly persistentErrors: PersistentErrorsThresholds | false;
  readonly latencyP95: LatencyThresholds | false;
  readonly retryRate: RetryRateThresholds | false;
  readonly tokenShift: TokenShiftThresholds | false;
  readonly spendCeiling: SpendCeilingThresholds | false;
  readonly budget: BudgetThresholds | false;
  readonly access: AccessThresholds | false;
  readonly circuitOpen: CircuitOpenThresholds | false;
  readonly queueGrowing: QueueGrowingThresholds | false;
  readonly queueOld: QueueOldThresholds | false;
  readonly alerting: AlertingThresholds | false;
}

/** R30: each type of error by itself, in all workflows together and in each. */
export interface ErrorRateThresholds extends AlertTiming {
  /** @default 0.05; resolves below 0.6 of it */
  readonly threshold: number;
  /** From this share on it is critical. @default 0.2 */
  readonly criticalRatio: number;
  /** Requests in 5 minutes below which a share says nothing. @default 20 */
  readonly minRequests: number;
  /** Requests that must have met it. @default 3 */
  readonly minErrors: number;
  /** Failures in a row that fire whatever the share, for nights without traffic. @default 5 */
  readonly failuresInARow: number;
  /** Other thresholds for some types, for example `{ content_policy: 0.2 }`. @default none */
  readonly types: Readonly<Partial<Record<AlertErrorType, number>>>;
}

/** R6: 500s and timeouts that are few, and do not end. */
export interface PersistentErrorsThresholds extends AlertTiming {
  /** @default 0.01; resolves below 0.6 of it. `pendingMs` is 1_800_000 */
  readonly threshold: number;
  /** @default 20 */
  readonly minRequests: number;
  /** @default 3 */
  readonly minErrors: number;
}

/** R31. */
export interface LatencyThresholds extends AlertTiming {
  /** Times the baseline. @default 2; resolves below 0.8 of it. `pendingMs` is 180_000 */
  readonly factor: number;
  /** Calls in 5 minutes below which a p95 says nothing. @default 50 */
  readonly minSamples: number;
  /** A p95 in milliseconds that is compared with as it is, while the baseline is learnt; `false`: none. @default false */
  readonly staticP95Ms: number | false;
}

/** R32. */
export interface RetryRateThresholds extends AlertTiming {
  /** Share of requests that were tried more than once. @default 0.1; resolves below 0.6 of it */
  readonly threshold: number;
  /** @default 20 */
  readonly minRequests: number;
  /** @default 3 */
  readonly minRetried: number;
}

/** R33: both must be so. */
export interface TokenShiftThresholds extends AlertTiming {
  /** Times the usual tokens of a request. @default 1.5; resolves below 0.8 of it */
  readonly factor: number;
  /** Robust standard deviations from usual, on the logarithmic scale. @default 4; resolves below 0.6 of it */
  readonly robustZ: number;
  /** Requests in 5 minutes below which they say nothing. @default 20 */
  readonly minSamples: number;
}

/** R34: both must be so. */
export interface SpendCeilingThresholds extends AlertTiming {
  /** Times the 99th percentile of 5-minute costs in 7 days. @default 3; resolves below 0.6 of it */
  readonly factor: number;
  /** US dollars in 5 minutes below which nobody is woken. @default 1 */
  readonly floorUsd: number;
}

/** R34: early warning. What is spent beyond a budget, or will be by the forecast, is an error and a warning. */
export interface BudgetThresholds {
  /** Share of the budget spent. @default 0.8 */
  readonly warnRatio: number;
}

/** R4: a credential that is refused, at once; critical. */
export interface AccessThresholds {
  /** @default 300_000 */
  readonly clearMs: number;
}

export interface CircuitOpenThresholds {
  /** Milliseconds that it has not been closed, above 0; critical. @default 300_000 */
  readonly openMs: number;
  /** @default 300_000 */
  readonly clearMs: number;
}

export interface QueueGrowingThresholds extends AlertTiming {
  /** Times as many waiting as 15 minutes ago. @default 1.5; resolves at no growth. `pendingMs` is 300_000 */
  readonly factor: number;
  /** Requests waiting below which growth is no matter. @default 50 */
  readonly minWaiting: number;
}

export interface QueueOldThresholds {
  /** Milliseconds that the oldest has waited. @default 900_000; resolves below 0.6 of it */
  readonly oldestMs: number;
  /** @default 300_000 */
  readonly clearMs: number;
}

/** Alerting about itself. */
export interface AlertingThresholds {
  /** Messages in a row that a sink did not take. @default 3 */
  readonly failuresInARow: number;
  /** Looks in a row for which there was nothing to look at. @default 5 */
  readonly blindInARow: number;
}

const AT_ONCE = { pendingMs: 0, clearMs: 5 * MINUTE_MS } as const;

export const ALERT_THRESHOLDS = Object.freeze({
  errorRate: {
    threshold: 0.05,
    criticalRatio: 0.2,
    minRequests: 20,
    minErrors: 3,
    failuresInARow: 5,
    types: {},
    ...AT_ONCE,
  },
  persistentErrors: { threshold: 0.01, minRequests: 20, minErrors: 3, ...AT_ONCE, pendingMs: 30 * MINUTE_MS },
  latencyP95: { factor: 2, minSamples: 50, staticP95Ms: false, ...AT_ONCE, pendingMs: 3 * MINUTE_MS },
  retryRate: { threshold: 0.1, minRequests: 20, minRetried: 3, ...AT_ONCE },
  tokenShift: { factor: 1.5, robustZ: 4, minSamples: 20, ...AT_ONCE },
  spendCeiling: { factor: 3, floorUsd: 1, ...AT_ONCE },
  budget: { warnRatio: 0.8 },
  access: { clearMs: 5 * MINUTE_MS },
  circuitOpen: { openMs: 5 * MINUTE_MS, clearMs: 5 * MINUTE_MS },
  queueGrowing: { factor: 1.5, minWaiting: 50, ...AT_ONCE, pendingMs: 5 * MINUTE_MS },
  queueOld: { oldestMs: 15 * MINUTE_MS, clearMs: 5 * MINUTE_MS },
  alerting: { failuresInARow: 3, blindInARow: 5 },
}) satisfies { readonly [Rule in keyof AlertThresholds]: Exclude<AlertThresholds[Rule], false> };
