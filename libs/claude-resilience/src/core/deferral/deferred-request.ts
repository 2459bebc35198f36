import type { CallPriority } from '../call.js';
import type { Failure } from '../failure/failure.js';

/** Where a deferred request can be (R10). The last four are ends, and an end is for ever. */
export const REQUEST_STATES = ['waiting', 'running', 'succeeded', 'failed', 'cancelled', 'expired'] as const;
export type RequestStateName = (typeof REQUEST_STATES)[number];

/** What went wrong, without what concerned only the call that found out. Holds no text of the API. */
export type RequestFailure = Omit<Failure, 'isFinal' | 'isInner'>;

/** How somebody wants to hear of the end (R28). The addresses are the application's; a store seals them like a prompt. */
export type NotifyWish = {
  /** `always`: somebody asked for it; `slow`: only if the end took over two minutes. */
  readonly when: 'always' | 'slow';
} & (
  | { readonly channel: 'in_app' }
  | { readonly channel: 'email'; readonly to: string }
  | { readonly channel: 'webhook'; readonly url: string }
);

/** What is asked for. Nothing of it changes later. Times are wall-clock milliseconds, since they outlive the process. */
export interface NewRequest {
  /** Nobody can guess or repeat it (128 bits of chance): who knows it may be shown the request. */
  readonly id: string;
  /** In every log line, event and error of the call that was deferred and of what is done about it; never the `id`. */
  readonly correlationId: string;
  readonly feature: string;
  /** What it is part of, for metrics. */
  readonly workflow: string;
  /** JSON text; no store looks inside. */
  readonly parametersJson: string;
  readonly priority: CallPriority;
  /** Not tried before this moment. */
  readonly notBeforeMs: number;
  /** Not started at or after this moment: nobody has a use for it any more. */
  readonly deadlineMs: number;
  /** Whose it is, in the application's words; `undefined` when nobody in particular. */
  readonly owner: string | undefined;
  /** Language of sentences for the end user, a BCP 47 tag. */
  readonly locale: string | undefined;
  /** The same key of the same owner gives the same request, for as long as that is kept. */
  readonly idempotencyKey: string | undefined;
  readonly notify: readonly NotifyWish[];
}

/** A request in a store. */
export interface DeferredRequest extends NewRequest {
  readonly enqueuedAtMs: number;
  /** The dead letter this one is another try of. */
  readonly redriveOf: string | undefined;
  readonly state: RequestState;
  /** Places in `notify` of those who have not been told of its end yet; none before it. */
  readonly noticesDue: readonly number[];
}

export type RequestState = WaitingState | RunningState | SucceededState | FailedState | CancelledState | ExpiredState;

interface Common {
  /** Times it was started, those that were handed back not counted. */
  readonly attempts: number;
  /**
   * Of the last claim; 0 before the first. It grows with every claim, so that a holder who lost the lease without noticing
   * (a long pause, a clock) can no longer change anything.
   */
  readonly fencingNumber: number;
}

export interface WaitingState extends Common {
  readonly name: 'waiting';
  readonly notBeforeMs: number;
  /** The API's answer, if one had arrived when it was started before: it is not paid for again. JSON text. */
  readonly answerJson: string | undefined;
  /** Why it waits again. */
  readonly lastFailure: RequestFailure | undefined;
}

export interface RunningState extends Common {
  readonly name: 'running';
  readonly startedAtMs: number;
  /** From here on, inclusive, somebody else may claim it. */
  readonly leaseUntilMs: number;
  readonly answerJson: string | undefined;
  readonly lastFailure: RequestFailure | undefined;
}

export interface SucceededState extends Common {
  readonly name: 'succeeded';
  readonly endedAtMs: number;
  /** What the application made of the answer. JSON text. */
  readonly resultJson: string;
}

export interface FailedState extends Common {
  readonly name: 'failed';
  readonly endedAtMs: number;
  readonly failure: RequestFailure;
  /** Kept for a redrive: it was paid for. */
  readonly answerJson: string | undefined;
  /** The request that tries again. A dead letter has none. */
  readonly redrivenAs: string | undefined;
  /** Somebody decided that nobody will try it again. */
  readonly isDiscarded?: true;
}

export interface CancelledState extends Common {
  readonly name: 'cancelled';
  readonly endedAtMs: number;
}

export interface ExpiredState extends Common {
  readonly name: 'expired';
  readonly endedAtMs: number;
  readonly lastFailure: RequestFailure | undefined;
  readonly redrivenAs: string | undefined;
  readonly isDiscarded?: true;
}

export type EndedState = Exclude<RequestState, WaitingState | RunningState>;

export function isEnded(state: RequestState): state is EndedState {
  return state.name !== 'waiting' && state.name !== 'running';
}

/** Whether it ended without a result that anybody wanted, and nobody has tried it again, or decided against it. */
export function isDeadLetter(state: RequestState): state is FailedState | ExpiredState {
  if (state.name !== 'failed' && state.name !== 'expired') return false;
  return state.redrivenAs === undefined && state.isDiscarded !== true;
}
