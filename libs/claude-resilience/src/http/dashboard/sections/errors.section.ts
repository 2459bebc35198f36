import { ALERT_THRESHOLDS } from '../../../core/alerts/alert-thresholds.js';
import { ALERT_ERROR_TYPES, type AlertErrorType } from '../../../core/alerts/alert-error-type.js';
import { ERROR_TYPE_WORDS } from '../../../core/alerts/error-type-words.js';
import { percentInWords } from '../../../core/alerts/figures-in-words.js';
import type { ChartPoint } from '../../../core/status/chart-points.js';
import { capitalised } from '../../../core/status/status-words.js';
import { stripChart } from '../charts/strip-chart.js';
import { tableTwin } from '../charts/table-twin.js';
import { timeAxis } from '../charts/time-axis.js';
import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { moment, NO_DATA, whole } from '../page-words.js';

/** Those that R30 names are shown always, the others once they were met. */
const ALWAYS: ReadonlySet<AlertErrorType> = new Set(['rate_limited', 'upstream_5xx', 'timeout', 'content_policy']);
const ERROR_LINE = ALERT_THRESHOLDS.errorRate.threshold;
const RETRY_LINE = ALERT_THRESHOLDS.retryRate.threshold;

/** Shares of calls that met each type of error, and of those that were repeated; the last hour, and a week. */
export function errorsSection(context: PageContext): Html {
  const { charts, status } = context;
  return html`<p class="quiet">
      Share of calls that met each type of error in any attempt: retries hide nothing. An alert fires above the dashed
      line: ${percentInWords(ERROR_LINE)} for errors, ${percentInWords(RETRY_LINE)} for retries, over 5 minutes. A grey
      gap is no data.
    </p>
    <h3>Last 60 minutes, by minute</h3>
    ${span(charts.hour, 'hour', ['60 minutes ago', 'now'], status.atMs, nowOf(context))}
    <h3>Last 7 days, by hour</h3>
    ${
      charts.week === undefined
        ? html`<p class="empty">Not known: hours are read from the store, and are not there yet.</p>`
        : span(charts.week, 'week', ['7 days ago', 'now'], status.atMs, () => '')
    }`;
}

function span(
  points: readonly ChartPoint[],
  id: string,
  [from, to]: readonly [string, string],
  nowMs: number,
  now: (type: AlertErrorType | 'retried') => string,
): Html {
  const known = points.filter(({ judged }) => judged > 0);
  if (known.length === 0) return html`<p class="empty">${NO_DATA}: no call was judged in this time.</p>`;
  const types = ALERT_ERROR_TYPES.filter(
    (type) => ALWAYS.has(type) || known.some(({ errors }) => (errors[type] ?? 0) > 0),
  );
  const shareOf = (count: (point: ChartPoint) => number) =>
    points.map((point) => (point.judged === 0 ? null : count(point) / point.judged));
  const strips = [
    ...types.map((type) => ({
      name: capitalised(ERROR_TYPE_WORDS[type]),
      shares: shareOf(({ errors }) => errors[type] ?? 0),
      line: ERROR_LINE,
      now: now(type),
    })),
    { name: 'Retried', shares: shareOf(({ retried }) => retried), line: RETRY_LINE, now: now('retried') },
  ];
  return html`<div class="panel">${strips.map(stripChart)}${timeAxis(from, to)}</div>
    ${tableTwin({
      id: `errors-${id}`,
      caption: `Errors and retries, ${id === 'hour' ? 'last 60 minutes' : 'last 7 days'}`,
      columns: [
        'From',
        'Calls',
        ...types.map((type) => capitalised(ERROR_TYPE_WORDS[type])),
        'Retried',
        'Failed in the end',
      ],
      rows: known
        .toReversed()
        .map((point) => [
          moment(point.startMs, nowMs),
          whole(point.judged),
          ...types.map((type) => partOf(point.errors[type] ?? 0, point)),
          partOf(point.retried, point),
          partOf(point.failed, point),
        ]),
    })}`;
}

function partOf(count: number, { judged }: ChartPoint): string {
  return count === 0 ? '0' : `${whole(count)} (${percentInWords(count / judged)})`;
}

/** The last 5 minutes, beside each strip. */
function nowOf({ status: { traffic } }: PageContext): (type: AlertErrorType | 'retried') => string {
  const { judged, errors, retried } = traffic;
  if (judged === 0) return () => NO_DATA;
  return (type) => {
    const count = type === 'retried' ? retried : (errors[type] ?? 0);
    return `${percentInWords(count / judged)} now (${whole(count)} of ${whole(judged)})`;
  };
}
