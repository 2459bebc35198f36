import type { DeferredRequest } from '../core/deferral/deferred-request.js';
import type { Step } from './record-shelf.js';
import { keyMarkOf, marksOf } from './request-marks.js';
import { answerOf, type RequestWriter } from './request-writer.js';

/** A column of `request_record`, and what is written to it. */
export interface ColumnValue {
  readonly column: string;
  /** Its type, which a parameter that is only selected would not be given. */
  readonly type: 'text' | 'integer' | 'bigint' | 'boolean';
  readonly value: string | number | boolean | null;
}

/** All that is written of a new request. */
export function newColumns(writer: RequestWriter, request: DeferredRequest, jobId: string): readonly ColumnValue[] {
  const { rank, dueAtMs, deadlineMs } = marksOf(request);
  return [
    text('id', plain(request.id)),
    text('key_mark', keyMarkOf(request)),
    { column: 'version', type: 'integer', value: 1 },
    { column: 'rank', type: 'integer', value: rank },
    text('feature', plain(request.feature)),
    moment('due_at_ms', dueAtMs),
    moment('deadline_ms', deadlineMs),
    text('parameters', writer.parametersOf(request)),
    text('answer', writer.answerOf(request)),
    ...stateColumns(request, writer.recordOf(request, jobId)),
  ];
}

/** What a step writes; a payload only when it changed, since it can have megabytes. */
export function changedColumns(writer: RequestWriter, { kept, after }: Step): readonly ColumnValue[] {
  const columns = [...stateColumns(after, writer.recordOf(after, kept.jobId))];
  if (answerOf(after.state) !== answerOf(kept.request.state)) columns.push(text('answer', writer.answerOf(after)));
  if (after.state.name !== kept.request.state.name) columns.push(text('result', writer.resultOf(after)));
  return columns;
}

function stateColumns(request: DeferredRequest, record: string): readonly ColumnValue[] {
  const { state, readyAtMs, hasAnswer, endedAtMs, isDead, hasNotices, ownerMark } = marksOf(request);
  return [
    text('state', state),
    moment('ready_at_ms', readyAtMs),
    { column: 'has_answer', type: 'boolean', value: hasAnswer },
    moment('ended_at_ms', endedAtMs),
    { column: 'is_dead', type: 'boolean', value: isDead },
    { column: 'has_notices', type: 'boolean', value: hasNotices },
    text('owner_mark', ownerMark),
    text('record', record),
  ];
}

/** PostgreSQL keeps no NUL: names that hold one, or the sign that stands for it, are escaped. */
export const plain = (name: string): string => name.replaceAll(/[\0\\]/g, (sign) => (sign === '\0' ? '\\0' : '\\\\'));
export const unplain = (name: string): string =>
  name.replaceAll(/\\(.)/g, (_all, sign: string) => (sign === '0' ? '\0' : sign));

const text = (column: string, value: string | undefined): ColumnValue => ({
  column,
  type: 'text',
  value: value ?? null,
});
const moment = (column: string, value: number | undefined): ColumnValue => ({
  column,
  type: 'bigint',
  value: value ?? null,
});
