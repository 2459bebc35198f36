import type Anthropic from '@anthropic-ai/sdk';
import type { AnthropicClient, ClientOf } from '../anthropic/anthropic.options.js';
import { MessageStreamTransport, type ClaudeStreamEvent } from '../anthropic/message-stream-transport.js';
import { RequestPlan } from '../anthropic/request-plan.js';
import { LongMessageTransport } from '../anthropic/long-message-transport.js';
import { MessageTransport } from '../anthropic/message-transport.js';
import { TokenCountTransport } from '../anthropic/token-count-transport.js';
import type { ClaudeCall, Origin, Outcome, Sending } from '../core/call.js';
import type { DeferredRequest } from '../core/deferral/deferred-request.js';
import type { Later } from '../core/deferral/later.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { show } from '../core/option-reader.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import type { ReviewList } from '../core/fallback/review-list.port.js';
import { StreamRun } from '../core/stream/stream-run.js';
import { STREAM_BREAK_POLICIES, type StreamBreakPolicy } from '../core/stream/stream.options.js';
import { promiseOfTold, rejectedWith } from '../core/rejected-with.js';
import type { Transport } from '../core/transport.port.js';
import type { ClaudeCallOptions } from './claude-call.options.js';
import { featureNamed, openCall } from './open-call.js';
import { ClaudeMessageStream } from './claude-message-stream.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ClaudeScopeValues } from '../runtime/claude-scope.js';
import { AnswerOrigins } from './answer-origins.js';
import { atOnce, laterOf } from './call-later.js';
import { ContentReview } from './content-review.js';
import { errorOfOutcome, isAnswered } from './outcome-value.js';

type ModelOptional<P extends { model: unknown }> = Omit<P, 'model'> & Partial<Pick<P, 'model'>>;

/** The SDK's own parameters; `model` may be left to the feature's `models`. */
export type ClaudeMessageParams = ModelOptional<Anthropic.MessageCreateParamsNonStreaming>;
export type ClaudeCountTokensParams = ModelOptional<Anthropic.MessageCountTokensParams>;

/** `deadlineMs` is for the whole stream, `timeoutMs` for its first event. */
export interface ClaudeStreamCallOptions extends ClaudeCallOptions {
  /** What follows when it breaks after part of the answer was delivered. @default the feature's `stream.onBreak` */
  readonly onBreak?: StreamBreakPolicy;
}

/** The SDK puts the API's own id of the request on what it gives. */
type WithRequestId<T> = T & { readonly _request_id?: string | null };

/** The SDK's `messages`, with every rule of this module applied. Throws only errors of this module. */
export class ClaudeMessages {
  readonly #origins = new AnswerOrigins();

  constructor(
    private readonly runtime: ClaudeRuntime,
    private readonly clients: ClientOf,
    private readonly reviews: ReviewList,
  ) {}

  /**
   * @throws {ClaudeCallError} one class per kind of failure, after retries
   * @throws {ClaudeInvalidOptionsError} for options that cannot work, before anything is sent
   */
  create(params: ClaudeMessageParams, options?: ClaudeCallOptions): Promise<WithRequestId<Anthropic.Message>> {
    try {
      return this.#create(params, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #create(params: ClaudeMessageParams, options?: ClaudeCallOptions): Promise<WithRequestId<Anthropic.Message>> {
    if ((params as { stream?: unknown } | undefined)?.stream === true) {
      throw new ClaudeInvalidOptionsError(['stream: messages.create answers whole messages, got true']);
    }
    checkParams(params);
    const scope = this.runtime.scope.current();
    const call = openCall(this.runtime, options, { model: params.model }, scope);
    const review = this.#reviewOf(params, call);
    const transport = this.#transportOf(call, this.#planOf(params, call, review));
    const later = laterOf(this.runtime, call, params, options, scope);
    return this.#send(call, transport, scope, review, later);
  }

  /**
   * Puts it into the queue, to be answered there (R10), without asking the API now.
   *
   * @returns the request; the one that is there already, for a known idempotency key
   * @throws {ClaudeInvalidOptionsError} also when there is no queue @throws {ClaudeRequestStoreError}
   * @throws {ClaudeRequestQueueFullError} @throws {ClaudeRequestTooLargeError}
   */
  async defer(params: ClaudeMessageParams, { defer, ...options }: ClaudeCallOptions = {}): Promise<DeferredRequest> {
    checkParams(params);
    const call = openCall(this.runtime, options, { model: params.model });
    const later = atOnce(this.runtime, call, params, { ...options, defer });
    return this.runtime.deferrals.enqueue(call, later);
  }

  /** Has the API answer what was in the queue, as `call` says; neither falls back nor is deferred again. */
  async answer(params: ClaudeMessageParams, call: ClaudeCall): Promise<Outcome<WithRequestId<Anthropic.Message>>> {
    const review = this.#reviewOf(params, call);
    const transport = this.#transportOf(call, this.#planOf(params, call, review));
    const outcome = await this.runtime.pipeline.execute(call, transport);
    await review.note(call, outcome);
    return outcome;
  }

  /** Counts with the one model asked for: others count differently. @throws as `create` */
  async countTokens(
    params: ClaudeCountTokensParams,
    options?: ClaudeCallOptions,
  ): Promise<WithRequestId<Anthropic.MessageTokensCount>> {
    checkParams(params);
    const scope = this.runtime.scope.current();
    const whole = openCall(this.runtime, options, { model: params.model }, scope);
    const call: ClaudeCall = { ...whole, targets: whole.targets.slice(0, 1), isCount: true };
    const plan = new RequestPlan({ ...params, model: modelOf(call) } as ClaudeMessageParams & { model: string }, false);
    const transport = new TokenCountTransport(this.clients(call.targets[0]?.platform ?? OWN_PLATFORM), plan);
    return this.#send(call, transport, scope);
  }

  /**
   * The same as a stream of the SDK's own events, or of text. Nothing is sent before somebody reads. Failures before the
   * first content are retried unseen; what follows later ones is the feature's `stream.onBreak`. The circuit judges it by
   * its end.
   *
   * @throws {ClaudeInvalidOptionsError | ClaudeUnknownFeatureError} for options that cannot work; while it is read: as `create`
   */
  stream(params: ClaudeMessageParams, { onBreak, ...options }: ClaudeStreamCallOptions = {}): ClaudeMessageStream {
    const { runtime } = this;
    checkParams(params);
    const feature = runtime.features.get(featureNamed(runtime, options));
    const { totalMs, ...limits } = feature.stream;
    const { timeoutMs = runtime.advisor.timeoutFor(feature, 'stream'), deadlineMs = totalMs } = options;
    const limitsOfCall = { ...options, timeoutMs, deadlineMs };
    const call = openCall(runtime, limitsOfCall, { model: params.model, isStream: true });
    const review = this.#reviewOf(params, call);
    const transport = new MessageStreamTransport(this.clients, this.#planOf(params, call, review));
    const policy = oneOfPolicies(onBreak ?? limits.onBreak);
    const run = new StreamRun<ClaudeStreamEvent>(policy);
    runtime.scope.current()?.handOver?.();
    return new ClaudeMessageStream(run, policy, call, async (sink, over) => {
      const bounds = { ...limits, totalMs, firstEventMs: call.timeoutMs };
      const outcome = await runtime.pipeline.executeStream(call, run, { transport, sink, over, limits: bounds });
      await review.note(call, outcome);
      return outcome;
    });
  }

  #planOf(
    params: ClaudeMessageParams,
    call: ClaudeCall,
    review: ContentReview,
  ): RequestPlan<Anthropic.MessageCreateParamsNonStreaming> {
    const { reformulate } = this.runtime.features.get(call.feature).contentPolicy;
    return new RequestPlan({ ...params, model: modelOf(call) }, reformulate, review.screen);
  }

  #reviewOf(params: ClaudeMessageParams, { feature }: ClaudeCall): ContentReview {
    return new ContentReview(this.runtime, this.reviews, params, this.runtime.features.get(feature).contentPolicy);
  }

  /** How a whole message is asked for: as such; as a stream, where Node would not wait; with models for refusals. */
  #transportOf(
    call: ClaudeCall,
    plan: RequestPlan<Anthropic.MessageCreateParamsNonStreaming>,
  ): Transport<Anthropic.Message> {
    const { stream, contentPolicy } = this.runtime.features.get(call.feature);
    const { refusalModels } = contentPolicy;
    if (refusalModels.length === 0 && LongMessageTransport.isNeededFor(call)) {
      return new LongMessageTransport(
        (limits, sending) =>
          this.#clientFor(sending).messages.create({ ...plan.paramsFor(sending), stream: true }, limits),
        stream.idleMs,
        plan,
      );
    }
    return new MessageTransport(this.clients, plan, refusalModels);
  }

  #send<T extends object>(
    call: ClaudeCall,
    transport: Transport<T>,
    scope: ClaudeScopeValues | undefined,
    review?: ContentReview,
    later?: Later,
  ): Promise<T> {
    scope?.handOver?.();
    const ended = this.runtime.pipeline.execute(call, transport, later);
    // Not inside the pipeline: its frames would fill the stack of an error, and hide who asked.
    return ended instanceof Promise
      ? ended.then((outcome) => this.#valueOf(outcome, call, scope, review))
      : promiseOfTold(this.#valueOf(ended, call, scope, review));
  }

  #valueOf<T extends object>(
    outcome: Outcome<T>,
    call: ClaudeCall,
    scope: ClaudeScopeValues | undefined,
    review: ContentReview | undefined,
  ): T | PromiseLike<T> {
    if (isAnswered(outcome)) {
      const { value } = outcome;
      if (outcome.status === 'served') {
        const { refusalModels } = this.runtime.features.get(call.feature).contentPolicy;
        this.#origins.note(value, outcome.origin, refusalModels);
      }
      return value;
    }
    if (outcome.status === 'deferred' && scope !== undefined) scope.request.outcome = 'deferred';
    const rejected = rejectedWith(errorOfOutcome(outcome, call));
    const noted = review?.note(call, outcome);
    return noted === undefined ? rejected : noted.then(() => rejected);
  }

  #clientFor({ target }: Sending): AnthropicClient {
    return this.clients(target.platform ?? OWN_PLATFORM);
  }

  /** Who answered, and why not the first choice; `undefined` for what did not come from here. */
  originOf(message: object): Origin | undefined {
    return this.#origins.of(message);
  }
}

function checkParams(params: unknown): void {
  if (typeof params === 'object' && params !== null) return;
  throw new ClaudeInvalidOptionsError([
    `params: the parameters of the SDK's method, got ${params === null ? 'null' : typeof params}`,
  ]);
}

/** `openCall` has made sure that there is one. */
function modelOf({ model, feature }: Pick<ClaudeCall, 'model' | 'feature'>): string {
  if (model === undefined) throw new Error(`A call of "${feature}" without a model`);
  return model;
}

function oneOfPolicies(policy: StreamBreakPolicy): StreamBreakPolicy {
  if (STREAM_BREAK_POLICIES.includes(policy)) return policy;
  throw new ClaudeInvalidOptionsError([`onBreak: one of ${STREAM_BREAK_POLICIES.join(', ')}, got ${show(policy)}`]);
}
