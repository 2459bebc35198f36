/** What a metric is: its name, what it says, and by what it is told apart. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One sentence, for people who find the metric before they find us. */
  readonly help: string;
  readonly labels: readonly string[];
  /** What is counted or measured. */
  readonly unit: string;
  /** What becomes of equal labels from several modules, or several processes of one cluster. */
  readonly aggregator: 'sum' | 'max' | 'min';
}

const counter = (name: string, unit: string, labels: readonly string[], help: string) =>
  ({ name, type: 'counter', help, labels, unit, aggregator: 'sum' }) as const;
const histogram = (name: string, unit: string, labels: readonly string[], help: string) =>
  ({ name, type: 'histogram', help, labels, unit, aggregator: 'sum' }) as const;
const gauge = (
  name: string,
  unit: string,
  labels: readonly string[],
  help: string,
  aggregator: MetricDefinition['aggregator'] = 'max',
) => ({ name, type: 'gauge', help, labels, unit, aggregator }) as const;

const SERIES = ['workflow', 'model'] as const;

/** Every metric there is, in the order of a scrape. Nothing else knows their names: rules, dashboards and docs are made of these. */
export const METRICS = {
  info: gauge('claude_info', '1', ['version'], 'Always 1; the label says which version of the module counts.'),
  startTime: gauge(
    'claude_start_time_seconds',
    'seconds since the epoch',
    [],
    'When counting began; every counter was 0 then.',
    'min',
  ),
  requests: counter(
    'claude_requests_total',
    'requests',
    [...SERIES, 'outcome'],
    'Calls that ended, each once: ok, error, cancelled by the caller, or rejected before anything was sent.',
  ),
  requestErrors: counter(
    'claude_request_errors_total',
    'requests',
    [...SERIES, 'error_type'],
    'Calls, ok ones among them, that met a type of error in any attempt, once for each type.',
  ),
  upstream5xx: counter(
    'claude_upstream_5xx_requests_total',
    'requests',
    SERIES,
    'Calls, ok ones among them, that met server_error, overloaded or both, once each.',
  ),
  retriedRequests: counter(
    'claude_retried_requests_total',
    'requests',
    SERIES,
    'Calls, ok or error, that were repeated at least once.',
  ),
  fallbacks: counter(
    'claude_fallbacks_total',
    'requests',
    SERIES,
    'Calls that failed and that a fallback answered in place of the model.',
  ),
  deferred: counter(
    'claude_deferred_requests_total',
    'requests',
    SERIES,
    'Requests taken into the queue to be answered later.',
  ),
  attempts: counter(
    'claude_attempts_total',
    'attempts',
    [...SERIES, 'result'],
    'Requests sent to the API: ok, or the type of error that each failed by.',
  ),
  retries: counter(
    'claude_retries_total',
    'attempts',
    [...SERIES, 'error_type'],
    'Attempts after the first, by the type of error before them.',
  ),
  retryWait: counter('claude_retry_wait_seconds_total', 'seconds', SERIES, 'Time spent waiting before retries.'),
  requestDuration: histogram(
    'claude_request_duration_seconds',
    'seconds',
    [...SERIES, 'outcome'],
    'How long calls took with all their attempts and waits: those that were answered (ok), and those that failed (error).',
  ),
  timeToFirstChunk: histogram(
    'claude_time_to_first_chunk_seconds',
    'seconds',
    SERIES,
    'From the call to the first of its answer, of streams.',
  ),
  deferredDuration: histogram(
    'claude_deferred_request_duration_seconds',
    'seconds',
    ['workflow'],
    'From acceptance to the answer, of deferred requests that succeeded.',
  ),
  inflight: gauge('claude_inflight_requests', 'requests', SERIES, 'Calls that have begun and not ended.', 'sum'),
  tokens: counter(
    'claude_tokens_total',
    'tokens',
    [...SERIES, 'direction'],
    'Tokens as the API counted them: input (neither read from a cache nor written to one), output, cache_read, cache_write.',
  ),
  tokensPerRequest: histogram(
    'claude_tokens_per_request',
    'tokens',
    ['workflow', 'direction'],
    'Tokens of each answered call: input (all of the prompt, cached or not), output.',
  ),
  cost: counter('claude_cost_usd_total', 'US dollars', SERIES, 'What calls cost, with all their attempts.'),
  unpriced: counter(
    'claude_unpriced_requests_total',
    'requests',
    SERIES,
    'Calls that used tokens and whose cost is not known: claude_cost_usd_total is too low by them.',
  ),
  budgetLimit: gauge(
    'claude_budget_limit_usd',
    'US dollars',
    ['workflow', 'period'],
    'A budget of the hour or the day.',
  ),
  budgetSpent: gauge(
    'claude_budget_spent_usd',
    'US dollars',
    ['workflow', 'period'],
    'What is spent of a budget since the hour or the day began.',
    'sum',
  ),
  budgetForecast: gauge(
    'claude_budget_forecast_usd',
    'US dollars',
    ['workflow', 'period'],
    'What the period is likely to cost in all; absent while there is too little to go by.',
    'sum',
  ),
  circuitState: gauge(
    'claude_circuit_state',
    '0 or 1',
    ['circuit', 'state'],
    '1 for the state that a circuit is in, 0 for the others.',
  ),
  accountStopped: gauge(
    'claude_account_stopped',
    '0 or 1',
    ['account', 'error_type'],
    '1 while nothing is sent with a credential, and what the API refused it by.',
  ),
  ratelimitRemaining: gauge(
    'claude_ratelimit_remaining',
    'requests or tokens',
    ['bucket', 'pool', 'kind'],
    'What the rate limit leaves now, by the headers of the API and what was sent since.',
    'min',
  ),
  ratelimitLimit: gauge(
    'claude_ratelimit_limit',
    'requests or tokens a minute',
    ['bucket', 'pool', 'kind'],
    'The rate limit, by the headers of the API.',
  ),
  pacingWaiting: gauge(
    'claude_pacing_waiting_attempts',
    'attempts',
    ['bucket', 'pool'],
    'Attempts that wait for a turn within the rate limit.',
    'sum',
  ),
  queueDepth: gauge('claude_queue_depth', 'requests', [], 'Deferred requests that wait.'),
  queueActive: gauge(
    'claude_queue_active_requests',
    'requests',
    [],
    'Deferred requests that this process works on.',
    'sum',
  ),
  queueOldest: gauge(
    'claude_queue_oldest_age_seconds',
    'seconds',
    [],
    'How long the oldest waiting request has waited since it was due.',
  ),
  queueUp: gauge('claude_queue_up', '0 or 1', [], '0 when the store of the queue did not answer this scrape.', 'min'),
  alertActive: gauge(
    'claude_alert_active',
    '0 or 1',
    ['rule', 'error_type'],
    '1 while an alert of the module fires; 0 for rules of which none does.',
  ),
  alertLook: gauge(
    'claude_alert_last_look_timestamp_seconds',
    'seconds since the epoch',
    [],
    'When the alert rules of the module were judged last.',
  ),
  alertDeliveries: counter(
    'claude_alert_deliveries_total',
    'messages',
    ['sink'],
    'Messages about alerts that a sink took.',
  ),
  alertDeliveryFailures: counter(
    'claude_alert_delivery_failures_total',
    'messages',
    ['sink', 'reason'],
    'Messages about alerts that a sink did not take: refused, exhausted (all tries failed), or dropped for newer ones.',
  ),
  fleetReplicas: gauge(
    'claude_fleet_replicas',
    'replicas',
    [],
    'Replicas that this one heard last, itself among them; absent while it cannot hear the others.',
  ),
  fleetBeatFailures: counter(
    'claude_fleet_beat_failures_total',
    'beats',
    [],
    'Times that this replica could not reach the Redis that replicas share.',
  ),
  overflow: counter(
    'claude_metrics_overflow_total',
    'events',
    ['dimension'],
    'How often something was counted under "other", or left out, since there were too many names.',
  ),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricKey = keyof typeof METRICS;
