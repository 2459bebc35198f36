import { createHash } from 'node:crypto';
import { CALL_PRIORITIES } from '../core/call.js';
import {
  isDeadLetter,
  isEnded,
  type DeferredRequest,
  type NewRequest,
  type RequestStateName,
} from '../core/deferral/deferred-request.js';
import { dueAtMs } from '../core/deferral/due-at.js';
import { readyAtMs } from '../core/deferral/next-request-state.js';

/** What a request is found by. */
export interface RequestMarks {
  readonly state: RequestStateName;
  /** Place of its priority: 0 is the best. */
  readonly rank: number;
  readonly feature: string;
  /** When it could be claimed first: it never changes. */
  readonly dueAtMs: number;
  readonly deadlineMs: number;
  /** When it may be claimed; `undefined` for what has ended. */
  readonly readyAtMs: number | undefined;
  readonly hasAnswer: boolean;
  readonly endedAtMs: number | undefined;
  readonly isDead: boolean;
  readonly hasNotices: boolean;
  /** Of whoever is shown its end. */
  readonly ownerMark: string | undefined;
}

export function marksOf(request: DeferredRequest): RequestMarks {
  const { state, owner } = request;
  const isShown = owner !== undefined && isEnded(state) && state.name !== 'cancelled';
  return {
    state: state.name,
    rank: CALL_PRIORITIES.indexOf(request.priority),
    feature: request.feature,
    dueAtMs: dueAtMs(request),
    deadlineMs: request.deadlineMs,
    readyAtMs: readyAtMs(state),
    hasAnswer: 'answerJson' in state && state.answerJson !== undefined,
    endedAtMs: isEnded(state) ? state.endedAtMs : undefined,
    isDead: isDeadLetter(state),
    hasNotices: request.noticesDue.length > 0,
    ownerMark: isShown ? markOf([owner]) : undefined,
  };
}

/** Of an owner's key. */
export function keyMarkOf({ owner, idempotencyKey }: NewRequest): string | undefined {
  return idempotencyKey === undefined ? undefined : markOf([owner ?? null, idempotencyKey]);
}

export const ownerMarkOf = (owner: string): string => markOf([owner]);

/** Short, of one length, and of signs that every server takes. */
function markOf(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
