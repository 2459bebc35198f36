import { BASELINE_RULES } from '../../libs/claude-resilience/src/core/metrics/baseline.js';
import { ALERT_THRESHOLDS } from '../../libs/claude-resilience/src/core/alerts/alert-thresholds.js';
import { TRAFFIC_WINDOW_MS } from '../../libs/claude-resilience/src/core/alerts/rules/traffic-in-words.js';
import { promDuration, RECORDED, select } from './promql.js';
import type { RecordingRule, RuleGroup } from './prometheus-rule.js';

const WINDOW = promDuration(TRAFFIC_WINDOW_MS);
const BASELINE = promDuration(BASELINE_RULES.windowMs);
/** Slots of 5 minutes in the module are looked at every minute here. */
const SAMPLES_NEEDED = BASELINE_RULES.minSlots * 5;
const { errorRate, retryRate, latencyP95 } = ALERT_THRESHOLDS;

const increase = (selector: string) => `increase(${selector}[${WINDOW}])`;
/** In workflows, and in all of them together, where the label is missing: as in the module. */
const inScopes = (exprOf: (labels: string) => string) => `${exprOf('job, workflow')}\nor\n${exprOf('job')}`;
const sumInScopes = (selector: string) => inScopes((labels) => `sum by (${labels}) (${increase(selector)})`);

const errorsBy = (labels: string) =>
  [
    `sum by (${labels}, error_type) (${increase(select('requestErrors', 'error_type!~"server_error|overloaded"'))})`,
    'or',
    `label_replace(sum by (${labels}) (${increase(select('upstream5xx'))}), "error_type", "upstream_5xx", "", "")`,
  ].join('\n');

/** What alerts and dashboards look at; in the same group as the alerts, so that these see what is of the same moment. */
export const RECORDING_RULES: readonly RecordingRule[] = [
  { record: RECORDED.judged, expr: sumInScopes(select('requests', 'outcome=~"ok|error"')) },
  { record: RECORDED.errors, expr: inScopes(errorsBy) },
  // There only where there are enough requests to say something: what is missing is not healthy.
  {
    record: RECORDED.errorRatio,
    expr: `${RECORDED.errors}\n/ on (job, workflow) group_left ()\n(${RECORDED.judged} >= ${errorRate.minRequests})`,
  },
  { record: RECORDED.retried, expr: sumInScopes(select('retriedRequests')) },
  {
    record: RECORDED.retryRatio,
    expr: `${RECORDED.retried}\n/ on (job, workflow)\n(${RECORDED.judged} >= ${retryRate.minRequests})`,
  },
  {
    record: RECORDED.p95,
    expr: [
      `histogram_quantile(0.95, sum by (job, workflow, model, le) (${increase(select('requestDuration', 'outcome="ok"', '_bucket'))}))`,
      'and on (job, workflow, model)',
      `(sum by (job, workflow, model) (${increase(select('requestDuration', 'outcome="ok"', '_count'))}) >= ${latencyP95.minSamples})`,
    ].join('\n'),
  },
  { record: RECORDED.cost, expr: inScopes((labels) => `sum by (${labels}) (${increase(select('cost'))}) > 0`) },
];

export const BASELINE_GROUP: RuleGroup = {
  name: 'claude-baselines',
  interval: WINDOW,
  rules: [
    { record: RECORDED.p95Baseline, expr: usual(0.5, RECORDED.p95) },
    { record: RECORDED.costUsual, expr: usual(0.99, RECORDED.cost) },
  ],
};

/** What was usual in the last 7 days, once there is enough of them. The last 5 minutes are not: they are what is judged. */
function usual(quantile: number, record: string): string {
  const past = `${record}[${BASELINE}] offset ${WINDOW}`;
  return `quantile_over_time(${quantile}, ${past})\nand\ncount_over_time(${past}) >= ${SAMPLES_NEEDED}`;
}
