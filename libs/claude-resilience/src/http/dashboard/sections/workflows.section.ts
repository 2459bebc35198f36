import { percentInWords } from '../../../core/alerts/figures-in-words.js';
import type { BudgetStatus } from '../../../core/cost/budget.js';
import type { WorkflowStatus } from '../../../core/status/workflow-status.js';
import { table } from '../charts/table-twin.js';
import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { NO_DATA, share, took, usd, whole } from '../page-words.js';
import { spending } from './spending.js';

/** Each workflow: how its calls fare now, and what its last hour took and cost. */
export function workflowsSection({ status, charts }: PageContext): Html {
  const { workflows, budgets, atMs: nowMs } = status;
  const hour = { id: 'hour', span: 'last 60 minutes', axis: ['60 minutes ago', 'now'], nowMs } as const;
  const week = { id: 'week', span: 'last 7 days', axis: ['7 days ago', 'now'], nowMs } as const;
  return html`${workflows.length === 0 ? html`<p class="empty">${NO_DATA}: no call in the last 60 minutes.</p>` : tableOf(workflows)}
    ${budgets.length > 0 && html`<p>All workflows together: ${budgets.map(budgetInWords).join('; ')}.</p>`}
    <h3>Tokens and cost of all workflows, last 60 minutes, by minute</h3>
    ${spending(charts.hour, hour)}
    <h3>Tokens and cost of all workflows, last 7 days, by hour</h3>
    ${
      charts.week === undefined
        ? html`<p class="empty">Not known: hours are read from the store, and are not there yet.</p>`
        : spending(charts.week, week)
    }`;
}

function tableOf(workflows: readonly WorkflowStatus[]): Html {
  return table({
    id: 'workflows',
    caption: 'Workflows',
    columns: [
      'Workflow',
      'Calls, 5 min',
      'Failed',
      'Retried',
      'p95',
      'Usual p95',
      'Calls, 60 min',
      'Tokens in',
      'Tokens out',
      'Cost, 60 min',
      'Budget',
    ],
    rows: workflows.map(rowOf),
  });
}

function rowOf({ workflow, traffic, usualP95Ms, hour, budgets }: WorkflowStatus) {
  return [
    workflow,
    traffic.judged === 0 ? NO_DATA : whole(traffic.judged),
    share(traffic.errorRatio),
    share(traffic.retryRatio),
    traffic.judged === 0 ? NO_DATA : took(traffic.p95Ms),
    usualP95Ms.state === 'ready'
      ? took(usualP95Ms.median)
      : usualP95Ms.state === 'learning'
        ? 'being learnt'
        : 'not known',
    whole(hour.judged),
    hour.judged === 0 ? NO_DATA : whole(hour.inputTokens),
    hour.judged === 0 ? NO_DATA : whole(hour.outputTokens),
    costInWords(hour),
    budgets.length === 0 ? 'none' : budgets.map(budgetInWords).join('; '),
  ];
}

function costInWords({ costUsd, unpriced, judged }: WorkflowStatus['hour']): string {
  if (judged === 0) return NO_DATA;
  if (unpriced === 0) return usd(costUsd);
  return costUsd === 0 ? 'not known' : `${usd(costUsd)}, and ${whole(unpriced)} calls without a price`;
}

function budgetInWords({ period, limitUsd, spentUsd, forecastUsd }: BudgetStatus): string {
  const forecast = forecastUsd === undefined ? '' : `, about ${usd(forecastUsd)} by its end`;
  return `${usd(spentUsd)} of ${usd(limitUsd)} this ${period} (${percentInWords(limitUsd === 0 ? 0 : spentUsd / limitUsd)})${forecast}`;
}
