import { ALERT_THRESHOLDS as T } from '../../../libs/claude-resilience/src/core/alerts/alert-thresholds.js';
import type { Row } from '../grafana-panel.js';
import { select } from '../promql.js';
import { judged, half, rate, JOB, OF_SERIES } from './panels.js';

/** What waits, and what is asked again. */
export const LOAD_ROWS: readonly Row[] = [
  {
    title: 'Retries, rate limits and the queue',
    height: 8,
    panels: [
      half(
        'Calls that were repeated',
        `Share of calls, in 5 minutes. An alert begins above ${T.retryRate.threshold * 100} %.`,
        {
          unit: 'percentunit',
          alertAt: T.retryRate.threshold,
          queries: [
            {
              expr: `sum by (workflow) (increase(${select('retriedRequests', OF_SERIES)}[5m])) / sum by (workflow) (increase(${judged}[5m]))`,
              legend: '{{workflow}}',
            },
          ],
        },
      ),
      half('Retries by type of error', 'Attempts a second after the first, by the error before them.', {
        unit: 'reqps',
        stack: true,
        queries: [{ expr: `sum by (error_type) (${rate(select('retries', OF_SERIES))})`, legend: '{{error_type}}' }],
      }),
      half('What rate limits leave', 'Share of each limit that is left now; of several replicas, the least.', {
        unit: 'percentunit',
        queries: [
          {
            expr: `min by (bucket, pool, kind) (${select('ratelimitRemaining', JOB)} / ${select('ratelimitLimit', JOB)})`,
            legend: '{{bucket}} {{kind}}',
          },
          { expr: `sum by (bucket) (${select('pacingWaiting', JOB)})`, legend: 'waiting: {{bucket}}' },
        ],
      }),
      half('Queue', 'Deferred requests that wait, and those that are worked on.', {
        unit: 'short',
        queries: [
          { expr: `max(${select('queueDepth', JOB)})`, legend: 'waiting' },
          { expr: `sum(${select('queueActive', JOB)})`, legend: 'worked on' },
        ],
      }),
      half('Oldest in the queue', 'How long the oldest request has waited.', {
        unit: 's',
        alertAt: T.queueOld.oldestMs / 1_000,
        queries: [{ expr: `max(${select('queueOldest', JOB)})`, legend: 'oldest' }],
      }),
      half('Time spent waiting before retries', 'Seconds of waiting a second, over all calls.', {
        unit: 's',
        queries: [{ expr: `sum by (workflow) (${rate(select('retryWait', OF_SERIES))})`, legend: '{{workflow}}' }],
      }),
    ],
  },
];
