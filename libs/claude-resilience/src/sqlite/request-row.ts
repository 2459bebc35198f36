import type { SQLOutputValue } from 'node:sqlite';
import { CALL_PRIORITIES } from '../core/call.js';
import {
  isDeadLetter,
  isEnded,
  type DeferredRequest,
  type NotifyWish,
  type RequestFailure,
  type RequestState,
} from '../core/deferral/deferred-request.js';
import { readyAtMs } from '../core/deferral/next-request-state.js';
import { FAILURE_KINDS } from '../core/failure/failure.js';

/** Texts of a request that are kept apart from its row, in the order of their slots. */
export const REQUEST_PAYLOADS = ['parameters', 'notify', 'answer', 'result'] as const;
export type RequestPayload = (typeof REQUEST_PAYLOADS)[number];

/** A row as SQLite gives it, integers as bigint: a damaged one must not throw before it can be set aside. */
export type RequestRow = Readonly<Record<string, SQLOutputValue>>;
export type ReadPayload = (kind: RequestPayload) => string | undefined;

/** The columns that change with every step, in the order of `STEP_COLUMNS`. */
export function stepColumns({ state }: DeferredRequest): (string | number | null)[] {
  const failure = 'failure' in state ? state.failure : 'lastFailure' in state ? state.lastFailure : undefined;
  return [
    state.name,
    state.attempts,
    state.fencingNumber,
    readyAtMs(state) ?? null,
    state.name === 'running' ? state.startedAtMs : null,
    failure === undefined ? null : JSON.stringify(failure),
  ];
}

export const STEP_COLUMNS = ['state', 'attempts', 'fencing_number', 'ready_at_ms', 'started_at_ms', 'failure'] as const;

/** The columns that change once or twice in its life, in the order of `SELDOM_COLUMNS`. */
export function seldomColumns({ state, noticesDue }: DeferredRequest): (string | number | null)[] {
  return [
    'answerJson' in state && state.answerJson !== undefined ? 1 : 0,
    isEnded(state) ? state.endedAtMs : null,
    isDeadLetter(state) ? 1 : 0,
    'redrivenAs' in state ? (state.redrivenAs ?? null) : null,
    noticesDue.length === 0 ? null : JSON.stringify(noticesDue),
  ];
}

export const SELDOM_COLUMNS = ['has_answer', 'ended_at_ms', 'is_dead', 'redriven_as', 'notices_due'] as const;

/** The columns that never change, in the order of `FIXED_COLUMNS`. */
export function fixedColumns(request: DeferredRequest): (string | number | null)[] {
  return [
    request.id,
    request.correlationId,
    request.feature,
    request.workflow,
    CALL_PRIORITIES.indexOf(request.priority),
    request.enqueuedAtMs,
    request.notBeforeMs,
    request.deadlineMs,
    request.owner ?? null,
    request.locale ?? null,
    request.idempotencyKey ?? null,
    request.redriveOf ?? null,
  ];
}

export const FIXED_COLUMNS = [
  'id',
  'correlation_id',
  'feature',
  'workflow',
  'priority',
  'enqueued_at_ms',
  'not_before_ms',
  'deadline_ms',
  'owner',
  'locale',
  'idempotency_key',
  'redrive_of',
] as const;

/** @throws when the row is not one that this module wrote */
export function requestOfRow(row: RequestRow, payload: ReadPayload): DeferredRequest {
  const state = stateOfRow(row, payload);
  // What the indices say must be what the state says: or a claim would find an end, again and again.
  if (isEnded(state) && row['ready_at_ms'] !== null) throw new Error('it has ended, and may be claimed');
  const priority = CALL_PRIORITIES[integer(row, 'priority')];
  if (priority === undefined) throw new Error('priority is none of ours');
  const notify = payload('notify');
  return {
    id: text(row, 'id'),
    correlationId: text(row, 'correlation_id'),
    feature: text(row, 'feature'),
    workflow: text(row, 'workflow'),
    parametersJson: needed('parameters', payload('parameters')),
    priority,
    notBeforeMs: integer(row, 'not_before_ms'),
    deadlineMs: integer(row, 'deadline_ms'),
    owner: optionalText(row, 'owner'),
    locale: optionalText(row, 'locale'),
    idempotencyKey: optionalText(row, 'idempotency_key'),
    notify: notify === undefined ? [] : wishesIn(notify),
    enqueuedAtMs: integer(row, 'enqueued_at_ms'),
    redriveOf: optionalText(row, 'redrive_of'),
    state,
    noticesDue: placesIn(optionalText(row, 'notices_due')),
  };
}

function stateOfRow(row: RequestRow, payload: ReadPayload): RequestState {
  const counts = { attempts: integer(row, 'attempts'), fencingNumber: integer(row, 'fencing_number') };
  const answer = () => (integer(row, 'has_answer') === 0 ? undefined : needed('answer', payload('answer')));
  const failure = failureIn(optionalText(row, 'failure'));
  const redrivenAs = optionalText(row, 'redriven_as');
  // Neither dead nor tried again: somebody decided so.
  const isDiscarded = redrivenAs === undefined && integer(row, 'is_dead') === 0;
  const decided = { redrivenAs, ...(isDiscarded && ({ isDiscarded } as const)) };
  const name = text(row, 'state');
  switch (name) {
    case 'waiting':
      return { name, ...counts, notBeforeMs: integer(row, 'ready_at_ms'), answerJson: answer(), lastFailure: failure };
    case 'running': {
      const times = { startedAtMs: integer(row, 'started_at_ms'), leaseUntilMs: integer(row, 'ready_at_ms') };
      return { name, ...counts, ...times, answerJson: answer(), lastFailure: failure };
    }
    case 'succeeded': {
      const resultJson = needed('result', payload('result'));
      return { name, ...counts, endedAtMs: integer(row, 'ended_at_ms'), resultJson };
    }
    case 'failed': {
      const endedAtMs = integer(row, 'ended_at_ms');
      return { name, ...counts, endedAtMs, failure: needed('failure', failure), answerJson: answer(), ...decided };
    }
    case 'cancelled':
      return { name, ...counts, endedAtMs: integer(row, 'ended_at_ms') };
    case 'expired':
      return { name, ...counts, endedAtMs: integer(row, 'ended_at_ms'), lastFailure: failure, ...decided };
    default:
      throw new Error('state is none of ours');
  }
}

function failureIn(json: string | undefined): RequestFailure | undefined {
  if (json === undefined) return undefined;
  const failure = JSON.parse(json) as RequestFailure;
  if (!FAILURE_KINDS.includes(failure.kind)) throw new Error('failure is none of ours');
  return failure;
}

function wishesIn(json: string): readonly NotifyWish[] {
  const wishes: unknown = JSON.parse(json);
  if (!Array.isArray(wishes)) throw new Error('notify is no list');
  return wishes as readonly NotifyWish[];
}

function placesIn(json: string | undefined): readonly number[] {
  if (json === undefined) return [];
  const places: unknown = JSON.parse(json);
  if (!Array.isArray(places) || !places.every((place) => Number.isSafeInteger(place))) {
    throw new Error('notices_due is no list of places');
  }
  return places as readonly number[];
}

function needed<T>(what: string, value: T | undefined): T {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}

function integer(row: RequestRow, column: string): number {
  const value = Number(row[column] ?? Number.NaN);
  if (!Number.isSafeInteger(value)) throw new Error(`${column} is no whole number`);
  return value;
}

function text(row: RequestRow, column: string): string {
  return needed(column, optionalText(row, column));
}

function optionalText(row: RequestRow, column: string): string | undefined {
  const value = row[column] ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw new Error(`${column} is no text`);
  return value;
}
