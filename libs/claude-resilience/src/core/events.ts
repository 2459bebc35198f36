import type { ClaudeCall, Origin, Target, TokenUsage } from './call.js';
import type { AccountNotice } from './account/account-notice.js';
import type { Advice } from './advice/advice.js';
import type { CircuitStateName } from './circuit/circuit-state.js';
import type { CircuitTransition } from './circuit/circuit.js';
import type { Failure, FailureKind } from './failure/failure.js';

/** What happened: past facts, for logs, metrics and subscribers. None holds a prompt, an answer or text of the API. */
export type ClaudeEvent =
  | AttemptFailedEvent
  | RetryScheduledEvent
  | CallCompletedEvent
  | FallbackAnsweredEvent
  | FallbackFailedEvent
  | CircuitTransitionedEvent
  | ModelTransitionedEvent
  | AccountNoticeEvent
  | AdviceGivenEvent
  | AdviceWithdrawnEvent
  | RequestRefusedEvent
  | ContentDeclinedEvent;

interface OfCall {
  readonly call: ClaudeCall;
}

export interface AttemptFailedEvent extends OfCall {
  readonly type: 'attempt.failed';
  readonly attempt: number;
  /** Who was asked. */
  readonly target: Target;
  readonly failure: Failure;
  readonly durationMs: number;
}

export interface RetryScheduledEvent extends OfCall {
  readonly type: 'retry.scheduled';
  /** The attempt that failed. */
  readonly attempt: number;
  readonly kind: FailureKind;
  readonly delayMs: number;
}

/** How the call itself went; whether a fallback then answered in its place is an event of its own. */
export interface CallCompletedEvent extends OfCall {
  readonly type: 'call.completed';
  readonly outcome: 'served' | 'failed';
  /** Why it was not served; absent when it was. */
  readonly failure?: Failure;
  /** Who answered, when somebody did. */
  readonly origin?: Origin;
  /** Tokens of all its requests that the API told of. */
  readonly usage?: TokenUsage;
  /** Requests sent to the API. */
  readonly attempts: number;
  readonly durationMs: number;
}

interface OfFallback {
  readonly feature: string;
  readonly correlationId: string;
  /** Why it was asked. */
  readonly kind: FailureKind;
}

export interface FallbackAnsweredEvent extends OfFallback {
  readonly type: 'fallback.answered';
}

export interface FallbackFailedEvent extends OfFallback {
  readonly type: 'fallback.failed';
  /** Name of the fallback's error; its message may hold anything and is not passed on. */
  readonly errorName: string;
}

export interface CircuitTransitionedEvent extends CircuitTransition {
  readonly type: 'circuit.transitioned';
}

/** A model is left alone, or asked again, where a feature has others. */
export interface ModelTransitionedEvent extends Pick<Target, 'model' | 'platform'> {
  readonly type: 'model.transitioned';
  readonly from: CircuitStateName;
  readonly to: CircuitStateName;
}

/** An account stopped, for a reason that somebody must mend; or it works again. Told once for each. */
export type AccountNoticeEvent = AccountNotice;

/** Something about a feature is worth changing (R12, R13). Told once, until it is withdrawn. */
export interface AdviceGivenEvent extends Advice {
  readonly type: 'advice.given';
}

/** It has not been true for long enough; the numbers are the last that were. */
export interface AdviceWithdrawnEvent extends Advice {
  readonly type: 'advice.withdrawn';
  readonly heldForMs: number;
}

/** A request was turned away at the door, since its feature's circuit is open and nothing could answer in its place. */
export interface RequestRefusedEvent {
  readonly type: 'request.refused';
  readonly feature: string;
  readonly correlationId: string;
  readonly retryAfterMs: number;
}

/** A screener, a filter or the model declined a request. What was asked is in the review list, never here. */
export interface ContentDeclinedEvent {
  readonly type: 'content.declined';
  readonly feature: string;
  readonly correlationId: string;
  readonly failure: Failure;
  /** On the list that people work through; absent when the list could not take it. */
  readonly reviewId?: string;
}

export type ClaudeEventListener = (event: ClaudeEvent) => void;

/** Tells listeners what happened. One that throws harms neither the call nor the other listeners. */
export class EventHub {
  readonly #listeners = new Set<ClaudeEventListener>();

  /** @returns a function that ends the subscription */
  subscribe(listener: ClaudeEventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: ClaudeEvent): void {
    for (const listener of this.#listeners) {
      // Observing must never change what is observed, and there is nobody here who could be told.
      try {
        const returned: unknown = listener(event);
        if (returned instanceof Promise) returned.catch(() => {});
      } catch {
        continue;
      }
    }
  }
}
