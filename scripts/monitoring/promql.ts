import { METRICS, type MetricKey } from '../../libs/claude-resilience/src/prometheus/metric-set.js';

/** The selector of a metric: its name, and what its labels must be. */
export function select(key: MetricKey, matchers = '', part: '' | '_bucket' | '_sum' | '_count' = ''): string {
  return `${METRICS[key].name}${part}${matchers === '' ? '' : `{${matchers}}`}`;
}

/** As PromQL writes it: `5m`, `1h`, `90s`. */
export function promDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const) {
    if (seconds >= length && seconds % length === 0) return `${seconds / length}${unit}`;
  }
  return `${seconds}s`;
}

/** What rules record: the same names in alerts and dashboards. */
export const RECORDED = {
  judged: 'claude:judged_requests:5m',
  errors: 'claude:error_requests:5m',
  errorRatio: 'claude:error_ratio:5m',
  retried: 'claude:retried_requests:5m',
  retryRatio: 'claude:retry_ratio:5m',
  p95: 'claude:latency_p95:5m',
  p95Baseline: 'claude:latency_p95_baseline:7d',
  cost: 'claude:cost_usd:5m',
  costUsual: 'claude:cost_usd_usual:7d',
} as const;
