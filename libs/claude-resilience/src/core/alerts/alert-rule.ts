import type { AlertReadings } from './alert-readings.js';
import type { AlertSeverity } from './alert-severity.js';
import type { AlertVerdict } from './alert-state.js';
import type { AlertThresholds } from './alert-thresholds.js';
import type { AlertTiming } from './next-alert-state.js';

/** Every alert there is: a closed set, and the headings of docs/operating.md. */
export const ALERT_RULE_IDS = [
  'account_stopped',
  'access_refused',
  'circuit_open',
  'error_rate',
  'persistent_errors',
  'latency_p95',
  'retry_rate',
  'token_shift',
  'spend_ceiling',
  'budget',
  'queue_growing',
  'queue_old',
  'alert_delivery',
  'readings_missing',
] as const;
export type AlertRuleId = (typeof ALERT_RULE_IDS)[number];

/** What a rule tells one alert from another by. */
export type AlertScope = 'account' | 'error_type' | 'circuit' | 'workflow' | 'queue' | 'sink' | 'module';

/** Names and values that make the identity of an alert: no host, no time, nothing measured. */
export type AlertLabels = Readonly<Record<string, string>>;

/** Thresholds of a workflow, or of all together. */
export type ThresholdsFor = (workflow?: string) => AlertThresholds;

/** A rule of alerting: what it is about, how bad that is, and how a reading is judged. */
export interface AlertRule {
  readonly id: AlertRuleId;
  readonly scope: AlertScope;
  /** How bad it is; a finding may be graver. */
  readonly severity: AlertSeverity;
  /** Some words for a heading. */
  readonly title: string;
  /** One finding for each thing it has something to say about, whether well or not. */
  judge(readings: AlertReadings, thresholdsFor: ThresholdsFor): readonly AlertFinding[];
}

/** What one look says of one alert. */
export interface AlertFinding {
  readonly labels: AlertLabels;
  readonly verdict: AlertVerdict;
  readonly severity: AlertSeverity;
  readonly timing: AlertTiming;
  readonly figures: AlertFigures;
  /** What is the matter, in a few words with the numbers, for example "Claude rate limits: 7.2 % of requests in 5 min (36 of 500)". */
  readonly summary: string;
  /** What users see of it, one sentence, where that is known. */
  readonly usersSee?: string;
}

/** In numbers: shares are 0 to 1, times milliseconds, costs US dollars. */
export interface AlertFigures {
  readonly value: number;
  readonly threshold: number;
  /** What they are measured in. */
  readonly unit: 'ratio' | 'factor' | 'ms' | 'usd' | 'count';
  /** What was looked at: requests, calls, minutes. Absent where one fact is enough. */
  readonly samples?: number;
  /** How far it looks back, in milliseconds. */
  readonly windowMs?: number;
}
