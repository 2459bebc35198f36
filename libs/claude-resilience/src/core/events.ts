import type { CallPriority, ClaudeCall, MeteredRequest, Origin, Target, TokenUsage } from './call.js';
import type { Clock } from './clock.port.js';
import type { AdminActedEvent } from './admin/admin-act.js';
import type { AlertEvent } from './alerts/alert-event.js';
import type { BudgetEvent } from './cost/budget-event.js';
import type { CostSum } from './cost/cost-sum.js';
import type { AccountNotice } from './account/account-notice.js';
import type { Advice } from './advice/advice.js';
import type { CircuitStateName } from './circuit/circuit-state.js';
import type { CircuitTransition } from './circuit/circuit.js';
import type { BatchEvent } from './deferral/batch/batch-event.js';
import type { RequestFailure } from './deferral/deferred-request.js';
import type { FleetEvent } from './fleet/fleet-loop.js';
import type { Failure, FailureKind } from './failure/failure.js';
import type { RetriedResult } from './retry/run-with-retry.js';
import type { ReviewKind } from './fallback/review-list.port.js';
import type { NoticeChannel } from './notices/notice.js';
import type { SubscriberTroubledEvent } from './subscriber-event.js';

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
  | ContentDeclinedEvent
  | ReviewResolvedEvent
  | NoticeSentEvent
  | NoticeFailedEvent
  | RequestDeferredEvent
  | RequestNotDeferredEvent
  | RequestEndedEvent
  | BatchEvent
  | QueueTroubleEvent
  | QueueWellEvent
  | QueueWarnedEvent
  | RollupsTroubleEvent
  | RollupsWellEvent
  | AlertEvent
  | BudgetEvent
  | FleetEvent
  | AdminActedEvent
  | SubscriberTroubledEvent;

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
  /** Why it was not tried again, where the rules of retries decided that. */
  readonly endedBy?: RetriedResult<unknown>['endedBy'];
  /** Who answered, when somebody did. */
  readonly origin?: Origin;
  /** Tokens of all its requests that the API told of. */
  readonly usage?: TokenUsage;
  /** What each of its requests took, refused and broken ones among them. Absent when nothing was sent, or nobody knows. */
  readonly metered?: readonly MeteredRequest[];
  /** What they cost together, by the price table (R34); there whenever `metered` is. */
  readonly cost?: CostSum;
  /** Milliseconds from the call to the first of its answer that its reader saw; of streams. */
  readonly firstTokenMs?: number;
  /** Milliseconds it waited for its turn within the rate limits, all attempts together; absent: none. */
  readonly turnWaitMs?: number;
  /** Milliseconds of waits before retries, as decided; absent: none. */
  readonly retryWaitMs?: number;
  /** The API's id of the answer; that of a failed one is with its failure. */
  readonly requestId?: string;
  /** Why the model stopped, in the API's word: `end_turn`, `max_tokens` and the like. */
  readonly stopReason?: string;
  /** Requests sent to the API. */
  readonly attempts: number;
  readonly durationMs: number;
}

interface OfFallback {
  readonly feature: string;
  readonly workflow: string;
  /** The model that was asked for; absent where a function of the application's asks. */
  readonly model?: string;
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

interface OfNotice {
  readonly feature: string;
  readonly correlationId: string;
  readonly channel: NoticeChannel;
  /** Times it was tried by this process. */
  readonly tries: number;
}

/** Somebody was told of the end of a request (R28). */
export interface NoticeSentEvent extends OfNotice {
  readonly type: 'notice.sent';
}

/** Somebody will never be told: a receiver said so, too many tries failed, or nobody sends on this channel. */
export interface NoticeFailedEvent extends OfNotice {
  readonly type: 'notice.failed';
  readonly reason: 'refused' | 'exhausted' | 'no_sender';
  /** Why the last try failed, in our words. */
  readonly problem?: string;
}

interface OfDeferredRequest {
  readonly feature: string;
  readonly workflow: string;
  readonly correlationId: string;
  /** Who knows it may read and cancel the request: not for logs. */
  readonly requestId: string;
  readonly priority: CallPriority;
}

/** A call is in the queue (R10): it will be answered, and its caller has been told so. */
export interface RequestDeferredEvent extends OfDeferredRequest {
  readonly type: 'request.deferred';
  /** Why it was not answered at once; absent when nobody wanted to wait for it. */
  readonly kind?: FailureKind;
}

/** A call that would have been deferred could not be: the queue is full, or its store in trouble. */
export interface RequestNotDeferredEvent {
  readonly type: 'request.not_deferred';
  readonly feature: string;
  readonly correlationId: string;
  /** Code of our error, or the name of another's. */
  readonly errorCode: string;
}

/** A deferred request has its end; the last three states are told of as soon as this process knows. */
export interface RequestEndedEvent extends OfDeferredRequest {
  readonly type: 'request.ended';
  readonly state: 'succeeded' | 'failed' | 'expired' | 'cancelled';
  /** Why it failed, or what it failed by the last time. */
  readonly failure?: RequestFailure;
  /** Times it was started. */
  readonly attempts: number;
  /** From acceptance to its end, in milliseconds. */
  readonly tookMs: number;
}

/** The store of deferred requests cannot do its work. Told once, until it can again. */
export interface QueueTroubleEvent {
  readonly type: 'queue.trouble';
  /** A word of `StoreTrouble`, or the name of another error. */
  readonly trouble: string;
}

/** A request could not be read and was set aside, or the server of the queue is set so that requests could be lost. */
export interface QueueWarnedEvent {
  readonly type: 'queue.warned';
  /** `request_set_aside`, or a code of `ServerWarning`. */
  readonly code: string;
  /** In our words. */
  readonly explanation: string;
}

/** The store of metrics cannot do its work: figures of this time may be missing. Told once, until it can again. */
export interface RollupsTroubleEvent {
  readonly type: 'rollups.trouble';
  /** Code of our error, or the name of another's. */
  readonly errorCode: string;
}

export interface RollupsWellEvent {
  readonly type: 'rollups.well';
}

export interface QueueWellEvent {
  readonly type: 'queue.well';
}

/** A person decided about an item of the review list (R24). What it was, and what was noted, is in `ReviewList.get`. */
export interface ReviewResolvedEvent {
  readonly type: 'review.resolved';
  readonly reviewId: string;
  readonly kind: ReviewKind;
  readonly feature: string;
  readonly correlationId: string;
  /** Who it was, and the label it should have had; absent when they did not say. */
  readonly by?: string;
  readonly label?: string;
}

/** What kinds of events there are. */
export type ClaudeEventType = ClaudeEvent['type'];

/** The events of one kind. */
export type ClaudeEventOf<T extends ClaudeEventType> = Extract<ClaudeEvent, { readonly type: T }>;

/** @param wallMs when it was told of, by `Clock.wallMs` @param nowMs the same by `Clock.nowMs`: nobody need look again */
export type ClaudeEventListener<E extends ClaudeEvent = ClaudeEvent> = (
  event: E,
  wallMs: number,
  nowMs: number,
) => void;

interface Subscription {
  readonly listener: ClaudeEventListener;
  /** `undefined`: all of them. */
  readonly types: ReadonlySet<ClaudeEventType> | undefined;
  isOver: boolean;
}

/** Tells listeners what happened. One that throws harms neither the call nor the other listeners. */
export class EventHub {
  #subscriptions: readonly Subscription[] = [];
  /** Who hears what, in the order of subscribing; gathered when first needed. */
  readonly #byType = new Map<ClaudeEventType, readonly Subscription[]>();
  #told = 0;

  constructor(private readonly clock: Pick<Clock, 'wallAt' | 'nowMs'>) {}

  /** How many events there were: where it is the same, nothing has happened. */
  get told(): number {
    return this.#told;
  }

  /**
   * @param types the events to be told of; absent: all. A call pays for everybody who hears of it
   * @returns a function that ends the subscription
   */
  subscribe(listener: ClaudeEventListener): () => void;
  subscribe<T extends ClaudeEventType>(
    listener: ClaudeEventListener<ClaudeEventOf<T>>,
    types: readonly T[],
  ): () => void;
  subscribe(listener: ClaudeEventListener, types?: readonly ClaudeEventType[]): () => void {
    const subscription: Subscription = { listener, types: types && new Set(types), isOver: false };
    this.#subscriptions = [...this.#subscriptions, subscription];
    this.#byType.clear();
    return () => {
      subscription.isOver = true;
      this.#subscriptions = this.#subscriptions.filter((one) => one !== subscription);
      this.#byType.clear();
    };
  }

  /** @param nowMs by `Clock.nowMs`, from whoever has just looked */
  emit(event: ClaudeEvent, nowMs: number = this.clock.nowMs()): void {
    this.#told += 1;
    const wallMs = this.clock.wallAt(nowMs);
    for (const subscription of this.#byType.get(event.type) ?? this.#gathered(event.type)) {
      if (subscription.isOver) continue;
      // Observing must never change what is observed, and there is nobody here who could be told.
      try {
        const returned: unknown = subscription.listener(event, wallMs, nowMs);
        if (returned !== undefined && returned instanceof Promise) returned.catch(() => {});
      } catch {
        continue;
      }
    }
  }

  #gathered(type: ClaudeEventType): readonly Subscription[] {
    const gathered = this.#subscriptions.filter(({ types }) => types?.has(type) !== false);
    this.#byType.set(type, gathered);
    return gathered;
  }
}
