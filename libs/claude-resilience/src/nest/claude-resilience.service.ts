import type { ClientOf } from '../anthropic/anthropic.options.js';
import type { ReviewList } from '../core/fallback/review-list.port.js';
import type { ClaudeCallOptions, ClaudeDeferOptions } from './claude-call.options.js';
import { ClaudeMessages, type ClaudeMessageParams } from './claude-messages.js';
import { requestView, type ClaudeDeferredRequest, type ClaudeRequests } from '../runtime/claude-requests.js';
import { ClaudeSummaries, type ClaudeSummary, type ClaudeSummaryOptions } from './claude-summaries.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { ClaudeRun, type ClaudeOutcome, type ClaudeRunContext, type ClaudeRunOptions } from './claude-run.js';

/** What a deferred call may say about itself. `deadlineMs` is that of the request, not of one call. */
export interface ClaudeDeferredCallOptions
  extends ClaudeDeferOptions, Omit<ClaudeCallOptions, 'defer' | 'deadlineMs' | 'signal'> {}

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
  run<T, F = unknown>(
    feature: string,
    fn: (context: ClaudeRunContext) => T | Promise<T>,
    options?: ClaudeRunOptions,
  ): Promise<ClaudeOutcome<T, F>> {
    try {
      return new ClaudeRun<T, F>(this.runtime, fn, feature, options).outcome();
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
