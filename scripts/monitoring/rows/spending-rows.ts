import { ALERT_THRESHOLDS as T } from '../../../libs/claude-resilience/src/core/alerts/alert-thresholds.js';
import type { Row } from '../grafana-panel.js';
import { select } from '../promql.js';
import { half, rate, JOB, OF_WORKFLOW, OF_SERIES } from './panels.js';

/** What it takes in tokens and money, and who is told. */
export const SPENDING_ROWS: readonly Row[] = [
  {
    title: 'Tokens and costs',
    height: 8,
    panels: [
      half('Tokens', 'Tokens a second, as the API counted them.', {
        unit: 'short',
        stack: true,
        queries: [{ expr: `sum by (direction) (${rate(select('tokens', OF_SERIES))})`, legend: '{{direction}}' }],
      }),
      half('Tokens per call', 'Median of the prompt and of the answer, by workflow.', {
        unit: 'short',
        queries: [
          {
            expr: `histogram_quantile(0.5, sum by (workflow, direction, le) (${rate(select('tokensPerRequest', OF_WORKFLOW, '_bucket'))}))`,
            legend: '{{workflow}} {{direction}}',
          },
        ],
      }),
      half('Cost by workflow', 'US dollars an hour.', {
        unit: 'currencyUSD',
        stack: true,
        queries: [{ expr: `sum by (workflow) (${rate(select('cost', OF_SERIES))}) * 3600`, legend: '{{workflow}}' }],
      }),
      half('Cost per call', 'US dollars per answered call.', {
        unit: 'currencyUSD',
        queries: [
          {
            expr: `sum by (workflow) (${rate(select('cost', OF_SERIES))}) / sum by (workflow) (${rate(select('requests', `${OF_SERIES}, outcome="ok"`))})`,
            legend: '{{workflow}}',
          },
        ],
      }),
      half(
        'Budgets',
        `Share of each budget that is spent, and expected by the end of the day. An alert begins above ${T.budget.warnRatio * 100} %.`,
        {
          unit: 'percentunit',
          alertAt: T.budget.warnRatio,
          queries: [
            {
              expr: `sum by (workflow, period) (${select('budgetSpent', JOB)}) / max by (workflow, period) (${select('budgetLimit', JOB)})`,
              legend: '{{workflow}} {{period}}',
            },
          ],
        },
      ),
      half('Alert messages', 'Messages that sinks took and did not take, in the last hour.', {
        unit: 'short',
        queries: [
          { expr: `sum by (sink) (increase(${select('alertDeliveries', JOB)}[1h]))`, legend: 'taken: {{sink}}' },
          {
            expr: `sum by (sink) (increase(${select('alertDeliveryFailures', JOB)}[1h]))`,
            legend: 'not taken: {{sink}}',
          },
        ],
      }),
    ],
  },
];
