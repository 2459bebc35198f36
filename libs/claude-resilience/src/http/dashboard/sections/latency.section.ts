import { ALERT_THRESHOLDS } from '../../../core/alerts/alert-thresholds.js';
import type { ChartPoint } from '../../../core/status/chart-points.js';
import type { WorkflowLatency } from '../../../core/status/status-charts.js';
import type { Usual } from '../../../core/status/traffic-figures.js';
import { lineChart, type LineChart } from '../charts/line-chart.js';
import { tableTwin } from '../charts/table-twin.js';
import { timeAxis } from '../charts/time-axis.js';
import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { moment, NO_DATA, took, whole } from '../page-words.js';

/** Makes a median absolute deviation comparable to a standard deviation. */
const NORMAL = 1.4826;
const { factor } = ALERT_THRESHOLDS.latencyP95;

/** How long answers take: each workflow's last hour against what is usual for it, and everything over a week. */
export function latencySection({ charts, status }: PageContext): Html {
  const { latencies, week } = charts;
  const rest = status.workflows.length - latencies.length;
  return html`<p class="quiet">
      <span class="key p50"></span> p50 <span class="key p95"></span> p95 <span class="key p99"></span> p99
      <span class="key band"></span> usual p95. An alert fires when p95 is above ${factor} times the usual, the dashed
      line. Below 20 calls in a span nothing is said, for p99 below 100.
    </p>
    ${latencies.length === 0 && html`<p class="empty">${NO_DATA}: no call was answered in the last 60 minutes.</p>`}
    <ul class="cards wide">
      ${latencies.map((latency, index) => latencyCard(latency, index, status.atMs))}
    </ul>
    ${rest > 0 && html`<p class="quiet">${rest} more workflows are in the table of workflows.</p>`}
    <h3>All workflows, last 7 days, by hour</h3>
    ${week === undefined ? html`<p class="empty">Not known: hours are read from the store, and are not there yet.</p>` : weekOf(week, status.atMs)}`;
}

function latencyCard({ workflow, points, usualP95Ms }: WorkflowLatency, index: number, nowMs: number): Html {
  const isKnown = points.some(({ p50Ms }) => p50Ms !== null);
  const usual = bandOf(usualP95Ms);
  const caption = `Latency of ${workflow}, last 60 minutes`;
  return html`<li class="card">
    <h3>${workflow}</h3>
    <p class="quiet">${usualInWords(usualP95Ms)}</p>
    ${
      isKnown
        ? html`${lineChart({ label: `${caption}: ${summary(points)}`, lines: linesOf(points), ...(usual !== undefined && { usual }) })}${timeAxis('60 minutes ago', 'now')}`
        : html`<p class="empty">Too few calls to say: fewer than 20 answers in each 5 minutes.</p>`
    }
    ${tableTwin({ id: `latency-${index}`, caption, columns: COLUMNS, rows: rowsOf(points, nowMs) })}
  </li>`;
}

function weekOf(points: readonly ChartPoint[], nowMs: number): Html {
  const caption = 'Latency, last 7 days';
  if (points.every(({ p50Ms }) => p50Ms === null)) {
    return html`<p class="empty">
      ${points.some(({ judged }) => judged > 0) ? 'Too few calls to say: fewer than 20 answers in each hour.' : NO_DATA}
    </p>`;
  }
  return html`<div class="panel">
      ${lineChart({ label: `${caption}: ${summary(points)}`, lines: linesOf(points) })}${timeAxis('7 days ago', 'now')}
    </div>
    ${tableTwin({ id: 'latency-week', caption, columns: COLUMNS, rows: rowsOf(points, nowMs) })}`;
}

const COLUMNS = ['From', 'Calls', 'p50', 'p95', 'p99'];

function rowsOf(points: readonly ChartPoint[], nowMs: number) {
  return points
    .filter(({ judged }) => judged > 0)
    .toReversed()
    .map(({ startMs, judged, p50Ms, p95Ms, p99Ms }) => [
      moment(startMs, nowMs),
      whole(judged),
      took(p50Ms),
      took(p95Ms),
      took(p99Ms),
    ]);
}

function linesOf(points: readonly ChartPoint[]): LineChart['lines'] {
  return [
    { name: 'p99', values: points.map(({ p99Ms }) => p99Ms) },
    { name: 'p95', values: points.map(({ p95Ms }) => p95Ms) },
    { name: 'p50', values: points.map(({ p50Ms }) => p50Ms) },
  ];
}

function summary(points: readonly ChartPoint[]): string {
  const last = points.findLast(({ p95Ms }) => p95Ms !== null);
  return last === undefined ? 'too few calls' : `the last p95 is ${took(last.p95Ms)}`;
}

function bandOf(usual: Usual): LineChart['usual'] | undefined {
  if (usual.state !== 'ready') return undefined;
  const { median, mad } = usual;
  const spread = NORMAL * mad;
  return { lowMs: Math.max(0, median - spread), highMs: median + spread, limitMs: factor * median };
}

export function usualInWords(usual: Usual): string {
  switch (usual.state) {
    case 'unknown':
      return 'What is usual is not known.';
    case 'learning':
      return `What is usual is being learnt: ${usual.slots} of ${usual.slotsNeeded} spans of 5 minutes with enough calls.`;
    case 'ready':
      return `Usual p95: ${took(usual.median)}.`;
    default:
      return usual satisfies never;
  }
}
