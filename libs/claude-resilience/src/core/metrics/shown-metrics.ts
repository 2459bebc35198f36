import { FAILURE_KINDS } from '../failure/failure.js';
import type { FailureRunTail } from './failure-run.js';
import { MINUTE_MS } from './minute-ring.js';
import type { MetricsRecorder } from './metrics-recorder.js';
import type { RecordedMinute } from './recorded-minute.js';
import { OTHER, type SeriesName } from './series-book.js';
import { SeriesCounts } from './series-counts.js';

/** Minutes that are over and shown to other replicas, besides the one that runs: alerts look back on 5. */
export const SHOWN_MINUTES = 7;
/** Pairs of workflow and model that are shown of a minute; the rest is shown as `other`. */
export const MOST_SHOWN = 40;
/** A name of a workflow or model is not longer. */
const LONGEST_NAME = 200;

/** What one replica has shown: each minute as the line that it was written in, to be read once. */
export interface ShownMetrics {
  readonly all: FailureRunTail;
  readonly byWorkflow: ReadonlyMap<string, FailureRunTail>;
  /** By the number of the minute since the epoch. */
  readonly lines: ReadonlyMap<number, string>;
}

/** Counts of a workflow and model in one minute. */
export interface SeriesOfMinute {
  readonly name: SeriesName;
  readonly counts: SeriesCounts;
}

/**
 * What a replica shows of its last minutes: a line of how its newest calls went, and one for each minute in which something was
 * counted. Some 1 KB for each workflow, model and minute of 60 calls.
 */
export function showMetrics(recorder: MetricsRecorder): string {
  const { all, byWorkflow } = recorder.tails();
  const last = recorder.minute();
  const minutes = recorder.minutes((last - SHOWN_MINUTES) * MINUTE_MS, (last + 1) * MINUTE_MS);
  const lines = [...Map.groupBy(minutes, ({ startMs }) => startMs / MINUTE_MS)].map(
    ([minute, series]) => `${minute} ${JSON.stringify(bounded(series).map(asRow), rounded)}`,
  );
  return [JSON.stringify({ version: 1, all, byWorkflow: [...byWorkflow] }), ...lines].join('\n');
}

/** @returns `undefined` for what is of another version, or of nobody like us */
export function readShownMetrics(text: string): ShownMetrics | undefined {
  const [head = '', ...lines] = text.split('\n');
  const about = parsed(head);
  if (!isObject(about) || about['version'] !== 1 || !isTail(about['all'])) return undefined;
  const workflows = Array.isArray(about['byWorkflow']) ? (about['byWorkflow'] as unknown[]) : [];
  return {
    all: about['all'],
    byWorkflow: new Map(workflows.filter(isNamedTail)),
    lines: new Map(
      lines.flatMap((line) => {
        const [, minute, json] = /^(\d{1,12}) (\[.*)$/.exec(line) ?? [];
        return minute === undefined || json === undefined ? [] : [[Number(minute), json] as const];
      }),
    ),
  };
}

/** What cannot be read is left out. */
export function readShownMinute(line: string): readonly SeriesOfMinute[] {
  const rows = parsed(line);
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    if (!Array.isArray(row)) return [];
    const [workflow, model, json] = row as unknown[];
    const counts = SeriesCounts.read(json);
    return isName(workflow) && isName(model) && counts !== undefined ? [{ name: { workflow, model }, counts }] : [];
  });
}

/** The busiest by themselves, the others together. */
function bounded(series: readonly RecordedMinute[]): readonly RecordedMinute[] {
  const [first] = series;
  if (first === undefined || series.length <= MOST_SHOWN) return series;
  const byCalls = series.toSorted((one, other) => other.counts.judged - one.counts.judged);
  const rest = SeriesCounts.sumOf(byCalls.slice(MOST_SHOWN - 1).map(({ counts }) => counts));
  return [...byCalls.slice(0, MOST_SHOWN - 1), { workflow: OTHER, model: OTHER, startMs: first.startMs, counts: rest }];
}

const asRow = ({ workflow, model, counts }: RecordedMinute) => [workflow, model, counts];

/** Sums of microseconds and micro-dollars: what is behind that is noise, and as long as all the rest. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_NAME;

function isNamedTail(value: unknown): value is readonly [string, FailureRunTail] {
  return Array.isArray(value) && isName(value[0]) && isTail(value[1]);
}

function isTail(value: unknown): value is FailureRunTail {
  if (!isObject(value)) return false;
  const { count, kind, sinceMs = 0, newestMs = 0, servedMs = 0, endedMs = 0 } = value;
  const isKind = kind === undefined || (FAILURE_KINDS as readonly unknown[]).includes(kind);
  return isKind && [count, sinceMs, newestMs, servedMs, endedMs].every((one) => Number.isFinite(one));
}
