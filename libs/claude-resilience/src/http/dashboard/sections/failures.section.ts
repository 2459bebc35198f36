import { FAILURE_NOUN } from '../../../core/status/failure-in-words.js';
import type { RecentFailure } from '../../../core/status/recent-failure.js';
import { table } from '../charts/table-twin.js';
import { html, type Html } from '../html.js';
import type { DashboardLinks, PageContext } from '../page-context.js';
import { moment, took, whole } from '../page-words.js';

/** Calls that failed in the end, to find them in the log; nothing of what was asked. */
export function failuresSection({ status: { failures, atMs }, links }: PageContext): Html {
  if (failures.length === 0) return html`<p class="empty">None since this process began.</p>`;
  return html`<p class="quiet">
      The newest ${failures.length}. What they asked is in no log and on no page; the correlation id is in both.
    </p>
    ${table({
      id: 'failures',
      caption: 'Calls that failed',
      columns: [
        'At',
        'Workflow',
        'Feature',
        'Failed by',
        'Rule',
        'Requests sent',
        'Took',
        'Correlation id',
        'Request id of the API',
      ],
      rows: failures.map((failure) => rowOf(failure, atMs, links)),
    })}`;
}

function rowOf(failure: RecentFailure, nowMs: number, { callUrl }: DashboardLinks) {
  const { atMs, workflow, feature, kind, rule, attempts, durationMs, correlationId, requestId } = failure;
  return [
    moment(atMs, nowMs),
    workflow,
    feature,
    FAILURE_NOUN[kind],
    rule,
    whole(attempts),
    took(durationMs),
    callUrl === undefined
      ? html`<code>${correlationId}</code>`
      : html`<a href="${callUrl(correlationId)}"><code>${correlationId}</code></a>`,
    requestId === undefined ? 'none' : html`<code>${requestId}</code>`,
  ];
}
