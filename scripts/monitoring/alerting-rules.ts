import { ACCESS_ERROR_TYPES } from '../../libs/claude-resilience/src/core/alerts/alert-error-type.js';
import { ALERT_THRESHOLDS } from '../../libs/claude-resilience/src/core/alerts/alert-thresholds.js';
import { RESOLVE_RATIO_OF_BASELINE } from '../../libs/claude-resilience/src/core/alerts/judge-level.js';
import { MILD } from '../../libs/claude-resilience/src/core/alerts/rules/error-rate.js';
import { level, MEMORY, rounded, rule, share } from './alerting-rule.js';
import { promDuration, RECORDED, select } from './promql.js';
import type { AlertingRule } from './prometheus-rule.js';

const T = ALERT_THRESHOLDS;
const ACCESS = ACCESS_ERROR_TYPES.join('|');
const SCOPE = '{{ with $labels.workflow }} in {{ . }}{{ end }}';
const PERCENT = '{{ $value | humanizePercentage }}';

/** Alerts of Prometheus, named like those that the module sends to Alertmanager itself. @param runbook where docs/operating.md is */
export function alertingRules(runbook: string): readonly AlertingRule[] {
  return [
    rule('account_stopped', runbook, {
      expr: `max by (job, account, error_type) (${select('accountStopped')}) == 1`,
      summary: 'Claude account "{{ $labels.account }}" is stopped: {{ $labels.error_type }}',
    }),
    rule('access_refused', runbook, {
      // A series that begins with its first error has no increase yet.
      expr: [
        `sum by (job, error_type) (`,
        `  (${errorsOf(ACCESS)} unless ${errorsOf(ACCESS)} offset 5m)`,
        `  or increase(${errorsOf(ACCESS)}[5m])`,
        `) > 0`,
      ].join('\n'),
      keepMs: T.access.clearMs,
      summary: 'Claude: the API answers {{ $labels.error_type }}',
    }),
    rule('circuit_open', runbook, {
      expr: `max by (job, circuit) (${select('circuitState', 'state=~"open|half_open"')}) == 1`,
      pendingMs: T.circuitOpen.openMs,
      keepMs: T.circuitOpen.clearMs,
      summary: `Claude circuit of {{ $labels.circuit }} has not been closed for ${promDuration(T.circuitOpen.openMs)}`,
    }),
    rule('error_rate', runbook, {
      ...share('error_rate', {
        value: `${RECORDED.errorRatio}{error_type!~"${ACCESS}"}`,
        by: 'job, workflow, error_type',
        enough: `${RECORDED.errors} >= ${T.errorRate.minErrors}`,
        limits: T.errorRate,
      }),
      severity: `{{ if or ${MILD.map((type) => `(eq $labels.error_type "${type}")`).join(' ')} }}warning{{ else }}error{{ end }}`,
      summary: `Claude {{ $labels.error_type }}${SCOPE}: ${PERCENT} of requests in 5 min`,
    }),
    rule('error_rate', runbook, {
      name: 'ClaudeErrorRateCritical',
      ...share('error_rate_critical', {
        value: `${RECORDED.errorRatio}{error_type!~"${[ACCESS, ...MILD].join('|')}"}`,
        by: 'job, workflow, error_type',
        enough: `${RECORDED.errors} >= ${T.errorRate.minErrors}`,
        limits: { ...T.errorRate, threshold: T.errorRate.criticalRatio },
      }),
      severity: 'critical',
      summary: `Claude {{ $labels.error_type }}${SCOPE}: ${PERCENT} of requests in 5 min`,
    }),
    rule('persistent_errors', runbook, {
      ...share('persistent_errors', {
        value: `${RECORDED.errorRatio}{error_type=~"upstream_5xx|timeout"}`,
        by: 'job, workflow, error_type',
        enough: `${RECORDED.errors} >= ${T.persistentErrors.minErrors}`,
        limits: T.persistentErrors,
      }),
      summary: `Claude {{ $labels.error_type }}${SCOPE}, for over ${promDuration(T.persistentErrors.pendingMs)}: ${PERCENT} of requests`,
    }),
    rule('latency_p95', runbook, {
      ...level('latency_p95', {
        value: RECORDED.p95,
        by: 'job, workflow, model',
        fires: `> ${T.latencyP95.factor} * ${RECORDED.p95Baseline}`,
        isNear: `>= ${rounded(T.latencyP95.factor * RESOLVE_RATIO_OF_BASELINE)} * ${RECORDED.p95Baseline}`,
        limits: T.latencyP95,
      }),
      summary: `Claude latency${SCOPE} ({{ $labels.model }}): p95 is {{ $value | humanizeDuration }}, more than ${T.latencyP95.factor} times usual`,
    }),
    rule('retry_rate', runbook, {
      ...share('retry_rate', {
        value: RECORDED.retryRatio,
        by: 'job, workflow',
        enough: `${RECORDED.retried} >= ${T.retryRate.minRetried}`,
        limits: T.retryRate,
      }),
      summary: `Claude retries${SCOPE}: ${PERCENT} of requests in 5 min`,
    }),
    rule('spend_ceiling', runbook, {
      expr: [`${RECORDED.cost} > ${T.spendCeiling.factor} * ${RECORDED.costUsual} > ${T.spendCeiling.floorUsd}`].join(
        '\n',
      ),
      keepMs: T.spendCeiling.clearMs,
      summary: `Claude costs${SCOPE}: {{ $value | printf "%.2f" }} USD in 5 min, more than ${T.spendCeiling.factor} times the dearest usual`,
    }),
    rule('budget', runbook, {
      expr: [
        `sum by (job, workflow, period) (${select('budgetSpent')})`,
        `/ max by (job, workflow, period) (${select('budgetLimit')})`,
        `> ${T.budget.warnRatio}`,
        'or',
        `sum by (job, workflow, period) (${select('budgetForecast')})`,
        `/ max by (job, workflow, period) (${select('budgetLimit')})`,
        '> 1',
      ].join('\n'),
      summary: `Claude budget of the {{ $labels.period }}${SCOPE}: ${PERCENT} spent, or expected to be`,
    }),
    rule('queue_growing', runbook, {
      expr: [
        `max by (job) (${select('queueDepth')}) > ${T.queueGrowing.factor} * clamp_min(max by (job) (${select('queueDepth')} offset 15m), 1)`,
        `and max by (job) (${select('queueDepth')}) >= ${T.queueGrowing.minWaiting}`,
      ].join('\n'),
      pendingMs: T.queueGrowing.pendingMs,
      keepMs: T.queueGrowing.clearMs,
      summary: 'Claude queue grows: {{ $value }} requests wait',
    }),
    rule('queue_old', runbook, {
      expr: `max by (job) (${select('queueOldest')}) > ${T.queueOld.oldestMs / 1_000}`,
      keepMs: T.queueOld.clearMs,
      summary: 'Claude queue: the oldest request has waited for {{ $value | humanizeDuration }}',
    }),
    rule('alert_delivery', runbook, {
      expr: [
        `sum by (job, sink) (increase(${select('alertDeliveryFailures')}[15m])) >= ${T.alerting.failuresInARow}`,
        `unless on (job, sink) sum by (job, sink) (increase(${select('alertDeliveries')}[15m])) > 0`,
      ].join('\n'),
      summary: 'Claude alerts do not arrive at {{ $labels.sink }}',
    }),
    rule('readings_missing', runbook, {
      expr: `time() - max by (job) (${select('alertLook')}) > ${T.alerting.blindInARow * 60}`,
      summary: 'Alerting on Claude has not looked for {{ $value | humanizeDuration }}',
    }),
    rule('readings_missing', runbook, {
      name: 'ClaudeMetricsMissing',
      expr: [
        `group by (job) (last_over_time(${select('info')}[${MEMORY}]))`,
        `unless on (job) group by (job) (${select('info')})`,
      ].join('\n'),
      pendingMs: T.alerting.blindInARow * 60_000,
      summary: 'There are no metrics of Claude calls from {{ $labels.job }} any more: no other alert can begin',
    }),
    rule('readings_missing', runbook, {
      name: 'ClaudeQueueUnreachable',
      expr: `min by (job) (${select('queueUp')}) == 0`,
      pendingMs: T.alerting.blindInARow * 60_000,
      summary: 'The store of the Claude queue does not answer',
    }),
  ];
}

const errorsOf = (types: string) => select('requestErrors', `error_type=~"${types}"`);
