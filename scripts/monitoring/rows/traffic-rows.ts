import { ALERT_THRESHOLDS as T } from '../../../libs/claude-resilience/src/core/alerts/alert-thresholds.js';
import type { Row } from '../grafana-panel.js';
import { RECORDED, select } from '../promql.js';
import { judged, half, quantiles, rate, OF_WORKFLOW, OF_SERIES } from './panels.js';

/** What is asked, how it ends, and how long it takes. */
export const TRAFFIC_ROWS: readonly Row[] = [
  {
    title: 'Traffic and errors',
    height: 8,
    panels: [
      half(
        'Calls by outcome',
        'Calls a second: ok, error, cancelled by the caller, rejected before anything was sent.',
        {
          unit: 'reqps',
          stack: true,
          queries: [{ expr: `sum by (outcome) (${rate(select('requests', OF_SERIES))})`, legend: '{{outcome}}' }],
        },
      ),
      half(
        'Errors by type',
        `Share of calls that met a type of error in any attempt, in 5 minutes. An alert begins above ${T.errorRate.threshold * 100} %.`,
        {
          unit: 'percentunit',
          alertAt: T.errorRate.threshold,
          queries: [
            {
              expr: `sum by (error_type) (increase(${select('requestErrors', OF_SERIES)}[5m])) / on () group_left () sum(increase(${judged}[5m]))`,
              legend: '{{error_type}}',
            },
          ],
        },
      ),
      half('What people got instead', 'Calls a second that a fallback answered, or that were taken into the queue.', {
        unit: 'reqps',
        queries: [
          { expr: `sum(${rate(select('fallbacks', OF_WORKFLOW))})`, legend: 'fallback' },
          { expr: `sum(${rate(select('deferred', OF_WORKFLOW))})`, legend: 'deferred' },
        ],
      }),
      half('In flight', 'Calls that have begun and not ended.', {
        unit: 'short',
        stack: true,
        queries: [{ expr: `sum by (workflow) (${select('inflight', OF_SERIES)})`, legend: '{{workflow}}' }],
      }),
    ],
  },
  {
    title: 'Latency',
    height: 8,
    panels: [
      half('Answered calls', 'How long calls took that were answered, with all their attempts and waits.', {
        unit: 's',
        queries: quantiles('requestDuration', `${OF_SERIES}, outcome="ok"`),
      }),
      half(
        'p95 and what is usual',
        `p95 of 5 minutes by workflow, the median of 7 days, and ${T.latencyP95.factor} times that, where an alert begins.`,
        {
          unit: 's',
          queries: [
            { expr: `${RECORDED.p95}{${OF_SERIES}}`, legend: '{{workflow}} {{model}}' },
            { expr: `${RECORDED.p95Baseline}{${OF_SERIES}}`, legend: 'usual: {{workflow}} {{model}}' },
            {
              expr: `${T.latencyP95.factor} * ${RECORDED.p95Baseline}{${OF_SERIES}}`,
              legend: 'alert: {{workflow}} {{model}}',
            },
          ],
        },
      ),
      half('Time to the first of the answer', 'Of streams: from the call to the first of its answer.', {
        unit: 's',
        queries: quantiles('timeToFirstChunk', OF_SERIES),
      }),
      half('Deferred requests', 'From acceptance to the answer, of those that succeeded.', {
        unit: 's',
        queries: [0.5, 0.95].map((quantile) => ({
          expr: `histogram_quantile(${quantile}, sum by (le) (${rate(select('deferredDuration', OF_WORKFLOW, '_bucket'))}))`,
          legend: `p${quantile * 100}`,
        })),
      }),
    ],
  },
];
