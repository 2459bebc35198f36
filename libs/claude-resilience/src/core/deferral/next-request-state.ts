import {
  isDeadLetter,
  isEnded,
  type ExpiredState,
  type RequestFailure,
  type RequestState,
  type RunningState,
  type WaitingState,
} from './deferred-request.js';

/** What can happen to a deferred request. Times are wall-clock milliseconds. */
export type RequestEvent =
  /** Somebody wants to start it. */
  | { readonly type: 'claimed'; readonly nowMs: number; readonly leaseMs: number }
  | HolderEvent
  | { readonly type: 'cancelled'; readonly nowMs: number }
  /** Its time may be over. */
  | { readonly type: 'expired'; readonly nowMs: number }
  /** Another request tries again what this one could not. */
  | { readonly type: 'redriven'; readonly asId: string }
  /** Nobody will try it again. */
  | { readonly type: 'discarded' };

/** What only the holder of the lease may say. */
export type HolderEvent = { readonly fencingNumber: number } & (
  | { readonly type: 'renewed'; readonly nowMs: number; readonly leaseMs: number }
  | { readonly type: 'answered'; readonly answerJson: string }
  | { readonly type: 'completed'; readonly nowMs: number; readonly resultJson: string }
  /** `retryAtMs`: when to try again; `undefined`: never. */
  | {
      readonly type: 'failed';
      readonly nowMs: number;
      readonly failure: RequestFailure;
      readonly retryAtMs: number | undefined;
    }
  /** Handed back unfinished, at a shutdown: no attempt of its own. */
  | { readonly type: 'released'; readonly nowMs: number }
);

/**
 * Why nothing changes: it has ended; the lease is somebody else's by now; the moment has not come (or has passed); it is
 * no dead letter.
 */
export type StepRefusal = 'closed' | 'stale' | 'not_due' | 'not_dead';

export type RequestStep =
  | { readonly ok: true; readonly state: RequestState }
  | { readonly ok: false; readonly why: StepRefusal };

/**
 * The life of a deferred request (R10); pure, total, and the same object back when an event only repeats what is known.
 * A fencing number is given out once; what is said under an older one is refused; an end is for ever.
 *
 * @param deadlineMs of the request. What has its answer does not expire: that was paid for, and only the application's own
 * part is left to do.
 */
export function nextRequestState(state: RequestState, event: RequestEvent, deadlineMs: number): RequestStep {
  switch (event.type) {
    case 'claimed':
      return claimed(state, event.nowMs, event.leaseMs, deadlineMs);
    case 'cancelled':
      if (state.name === 'cancelled') return to(state);
      return isEnded(state) ? refused('closed') : to({ name: 'cancelled', ...counts(state), endedAtMs: event.nowMs });
    case 'expired':
      if (state.name === 'expired') return to(state);
      if (isEnded(state)) return refused('closed');
      return isOverdue(state, event.nowMs, deadlineMs) ? to(expired(state, event.nowMs)) : refused('not_due');
    case 'redriven':
      return isDeadLetter(state) ? to({ ...state, redrivenAs: event.asId }) : refused('not_dead');
    case 'discarded':
      if ('isDiscarded' in state) return to(state);
      return isDeadLetter(state) ? to({ ...state, isDiscarded: true }) : refused('not_dead');
    default:
      return saidByHolder(state, event, deadlineMs);
  }
}

/** When somebody may claim it, in wall-clock milliseconds; `undefined` when nobody ever may. */
export function readyAtMs(state: RequestState): number | undefined {
  if (state.name === 'waiting') return state.notBeforeMs;
  return state.name === 'running' ? state.leaseUntilMs : undefined;
}

type OpenState = WaitingState | RunningState;

function claimed(state: RequestState, nowMs: number, leaseMs: number, deadlineMs: number): RequestStep {
  if (isEnded(state)) return refused('closed');
  if (isReadyLater(state, nowMs) || isOverdue(state, nowMs, deadlineMs)) return refused('not_due');
  return to({
    name: 'running',
    attempts: state.attempts + 1,
    fencingNumber: state.fencingNumber + 1,
    startedAtMs: nowMs,
    leaseUntilMs: nowMs + leaseMs,
    answerJson: state.answerJson,
    lastFailure: state.lastFailure,
  });
}

function saidByHolder(state: RequestState, event: HolderEvent, deadlineMs: number): RequestStep {
  if (event.fencingNumber !== state.fencingNumber) return refused('stale');
  // Said twice, because the first acknowledgement was lost: the first one counts.
  if (event.type === 'completed' && state.name === 'succeeded') return to(state);
  if (isEnded(state)) return refused('closed');
  // Handed back or failed under this very number: whoever held it has no part in it any more.
  if (state.name === 'waiting') return refused('stale');
  switch (event.type) {
    case 'renewed':
      // Also when the lease has run out: nobody has claimed it since, or the number would be another.
      return to({ ...state, leaseUntilMs: Math.max(state.leaseUntilMs, event.nowMs + event.leaseMs) });
    case 'answered':
      return to(state.answerJson === undefined ? { ...state, answerJson: event.answerJson } : state);
    case 'completed':
      return to({ name: 'succeeded', ...counts(state), endedAtMs: event.nowMs, resultJson: event.resultJson });
    case 'failed':
      return to(afterFailure(state, event, deadlineMs));
    case 'released':
      return to({ ...waiting(state, event.nowMs), attempts: state.attempts - 1 });
    default:
      return event satisfies never;
  }
}

function afterFailure(
  state: RunningState,
  { nowMs, failure, retryAtMs }: Extract<HolderEvent, { type: 'failed' }>,
  deadlineMs: number,
): RequestState {
  if (retryAtMs === undefined) {
    const { answerJson } = state;
    return { name: 'failed', ...counts(state), endedAtMs: nowMs, failure, answerJson, redrivenAs: undefined };
  }
  // Said now rather than at the deadline: whoever waits for it need not wait for nothing.
  if (retryAtMs >= deadlineMs && state.answerJson === undefined)
    return expired({ ...state, lastFailure: failure }, nowMs);
  return { ...waiting(state, retryAtMs), lastFailure: failure };
}

function waiting(state: RunningState, notBeforeMs: number): WaitingState {
  const { answerJson, lastFailure } = state;
  return { name: 'waiting', ...counts(state), notBeforeMs, answerJson, lastFailure };
}

function expired(state: OpenState, nowMs: number): ExpiredState {
  const { lastFailure } = state;
  return { name: 'expired', ...counts(state), endedAtMs: nowMs, lastFailure, redrivenAs: undefined };
}

/** Whether its time is over and nobody is at work on it. */
function isOverdue(state: OpenState, nowMs: number, deadlineMs: number): boolean {
  const isHeld = state.name === 'running' && isReadyLater(state, nowMs);
  return deadlineMs <= nowMs && state.answerJson === undefined && !isHeld;
}

const isReadyLater = (state: OpenState, nowMs: number): boolean => (readyAtMs(state) ?? Infinity) > nowMs;
const counts = ({ attempts, fencingNumber }: RequestState) => ({ attempts, fencingNumber });
const to = (state: RequestState): RequestStep => ({ ok: true, state });
const refused = (why: StepRefusal): RequestStep => ({ ok: false, why });
