import type { ClientOf } from '../anthropic/anthropic.options.js';
import { FunctionTransport } from '../anthropic/function-transport.js';
import type { ReviewList } from '../core/fallback/review-list.port.js';
import { ClaudeDeferredError } from '../core/deferral/deferred-error.js';
import type { FailureKind } from '../core/failure/failure.js';
import { openCall, type ClaudeCallOptions, type ClaudeDeferOptions } from './claude-call.options.js';
import { ClaudeMessages, type ClaudeMessageParams } from './claude-messages.js';
import { requestView, type ClaudeDeferredRequest, type ClaudeRequests } from '../runtime/claude-requests.js';
import { ClaudeSummaries, type ClaudeSummary, type ClaudeSummaryOptions } from './claude-summaries.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { isNestException } from './nest-exception.js';
import { succeeded } from './outcome-value.js';

/** How a `run` ended. A failure that nothing could answer is thrown, typed. */
export type ClaudeOutcome<T, F = unknown> =
  | { readonly status: 'served'; readonly value: T; readonly correlationId: string; readonly attempts: number }
  | {
      /** A call inside waits in the queue; it is answered later, by itself (R10). */
      readonly status: 'deferred';
      readonly requestId: string;
      readonly correlationId: string;
    }
  | {
      readonly status: 'fallback';
      /** The fallback's answer. */
      readonly value: F;
      /** Plain sentence for the end user (R29). */
      readonly message: string;
      /** Why it was not served. */
      readonly reason: FailureKind;
      /** Milliseconds after which the full answer may be had again, where somebody knows. */
      readonly retryAfterMs: number | undefined;
      readonly correlationId: string;
      readonly attempts: number;
    };

/** What a function under `run` is given. */
export interface ClaudeRunContext {
  /** Aborts when the attempt's time is over or the caller gives up: pass it on. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
  /** Milliseconds left for this attempt: pass it on to clients that want one. */
  readonly timeoutMs: number;
  readonly correlationId: string;
}

/** What a deferred call may say about itself. `deadlineMs` is that of the request, not of one call. */
export interface ClaudeDeferredCallOptions
  extends ClaudeDeferOptions, Omit<ClaudeCallOptions, 'defer' | 'deadlineMs' | 'signal'> {}

export interface ClaudeRunOptions extends Omit<ClaudeCallOptions, 'feature' | 'defer'> {
  /** What the feature's fallback makes its answer from. */
  readonly input?: unknown;
}

/** The way to the Claude API for everything in the application (R40). */
export class ClaudeResilienceService {
  /** The SDK's own methods, under every rule of this module. */
  readonly messages: ClaudeMessages;

  constructor(
    private readonly runtime: ClaudeRuntime,
    clients: ClientOf,
    reviews: ReviewList,
    /** Deferred requests: to look at, follow and cancel. */
    readonly requests: ClaudeRequests,
  ) {
    this.messages = new ClaudeMessages(runtime, clients, reviews);
  }

  /**
   * Answers to a document of any length, for summaries and the like (R5): whole where it fits, else part by part, some
   * at a time, and then from those answers together. All of it under one deadline and one bound of requests.
   *
   * @throws {ClaudeTooLargeError} when it cannot be made to fit; else as `messages.create`, by the first part that failed
   */
  summarise(document: string, options: ClaudeSummaryOptions): Promise<ClaudeSummary> {
    return new ClaudeSummaries(this.runtime, this.messages).create(document, options);
  }

  /**
   * Puts a request into the queue, to be answered there (R10); the API is not asked now. Its result is what the feature's
   * `@ClaudeDeferredHandler` makes of the answer.
   *
   * @throws {ClaudeInvalidOptionsError} also when there is no queue @throws {ClaudeRequestStoreError}
   * @throws {ClaudeRequestQueueFullError} @throws {ClaudeRequestTooLargeError}
   */
  async defer(
    params: ClaudeMessageParams,
    { owner, idempotencyKey, data, notify, notBeforeMs, deadlineMs, ...options }: ClaudeDeferredCallOptions = {},
  ): Promise<ClaudeDeferredRequest> {
    const given = { owner, idempotencyKey, data, notify, notBeforeMs, deadlineMs };
    const request = await this.messages.defer(params, { ...options, defer: given as ClaudeDeferOptions });
    return requestView({ request, phase: undefined });
  }

  /**
   * Runs a function that calls the API in a way of its own, under the rules of a feature: it may run several times, so
   * it must be safe to repeat. A call through this service inside it is retried and counted there, and not again here.
   *
   * @throws {ClaudeCallError} when it failed and no fallback answered; an error of the function's own is the `cause` of
   *   a `ClaudeInternalError`, but exceptions of Nest's come out as they are
   * @throws {ClaudeUnknownFeatureError | ClaudeInvalidOptionsError} before anything is run
   */
  async run<T, F = unknown>(
    feature: string,
    fn: (context: ClaudeRunContext) => T | Promise<T>,
    { input, ...options }: ClaudeRunOptions = {},
  ): Promise<ClaudeOutcome<T, F>> {
    const { scope, pipeline } = this.runtime;
    const call = openCall(this.runtime, { ...options, feature });
    const outer = scope.current();
    const request = outer?.request ?? {};
    outer?.handOver?.();
    const { id: correlationId, deadlineAtMs, locale } = call;
    const life = { isOver: false };
    const transport = new FunctionTransport<T | ClaudeDeferredError>((sent) => {
      const { number, signal, timeoutMs } = sent;
      const handOver = () => sent.handOver();
      return scope.run({ correlationId, feature, deadlineAtMs, signal, locale, life, handOver, request }, () =>
        deferredOr(() => fn({ signal, timeoutMs, attempt: number, correlationId })),
      );
    });
    const ended = await pipeline.executeWithFallback(call, transport, input);
    life.isOver = true;
    if (ended.status === 'failed' && isNestException(ended.cause)) throw ended.cause;
    const outcome = succeeded(ended, call);
    const { attempts } = outcome;
    if (outcome.status === 'served') {
      const { value } = outcome;
      if (value instanceof ClaudeDeferredError)
        return { status: 'deferred', requestId: value.requestId, correlationId };
      return { status: 'served', value, correlationId, attempts };
    }
    request.outcome = 'fallback';
    const { value, message, failure } = outcome;
    const { kind: reason, retryAfterMs } = failure;
    return { status: 'fallback', value: value as F, message, reason, retryAfterMs, correlationId, attempts };
  }
}

/** A call inside that waits in the queue is no failure of the function: nothing is retried, nobody is judged. */
async function deferredOr<T>(run: () => T | Promise<T>): Promise<T | ClaudeDeferredError> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ClaudeDeferredError) return error;
    throw error;
  }
}
