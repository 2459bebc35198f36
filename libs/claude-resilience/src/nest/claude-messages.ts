import type Anthropic from '@anthropic-ai/sdk';
import type { APIPromise } from '@anthropic-ai/sdk';
import type { AnthropicClient } from '../anthropic/anthropic.options.js';
import { MessageStreamTransport, type ClaudeStreamEvent } from '../anthropic/message-stream-transport.js';
import type { SdkRequestOptions } from '../anthropic/request-options.js';
import { SdkTransport } from '../anthropic/sdk-transport.js';
import type { ClaudeCall } from '../core/call.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { show } from '../core/option-reader.js';
import { StreamRun } from '../core/stream/stream-run.js';
import { STREAM_BREAK_POLICIES, type StreamBreakPolicy } from '../core/stream/stream.options.js';
import { featureNamed, openCall, type ClaudeCallOptions } from './claude-call.options.js';
import { ClaudeMessageStream } from './claude-message-stream.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { valueOf } from './outcome-value.js';

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
  constructor(
    private readonly runtime: ClaudeRuntime,
    private readonly client: () => AnthropicClient,
  ) {}

  /**
   * @throws {ClaudeCallError} one class per kind of failure, after retries
   * @throws {ClaudeInvalidOptionsError} for options that cannot work, before anything is sent
   */
  create(params: ClaudeMessageParams, options?: ClaudeCallOptions): Promise<WithRequestId<Anthropic.Message>> {
    if ((params as { stream?: unknown } | undefined)?.stream === true) {
      return Promise.reject(
        new ClaudeInvalidOptionsError(['stream: messages.create answers whole messages, got true']),
      );
    }
    return this.#send(params, options, (withModel, request) => this.client().messages.create(withModel, request));
  }

  /** @throws as `create` */
  countTokens(
    params: ClaudeCountTokensParams,
    options?: ClaudeCallOptions,
  ): Promise<WithRequestId<Anthropic.MessageTokensCount>> {
    return this.#send(params, options, (withModel, request) => this.client().messages.countTokens(withModel, request));
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
    const { firstEventMs, totalMs, ...limits } = runtime.features.get(featureNamed(runtime, options)).stream;
    const call = openCall(runtime, { timeoutMs: firstEventMs, deadlineMs: totalMs, ...options }, params.model);
    const transport = new MessageStreamTransport(this.client, { ...params, model: modelOf(call) });
    const policy = oneOfPolicies(onBreak ?? limits.onBreak);
    const run = new StreamRun<ClaudeStreamEvent>(policy);
    runtime.scope.current()?.handOver?.();
    return new ClaudeMessageStream(run, policy, call, (sink, over) =>
      runtime.pipeline.executeStream(call, run, {
        transport,
        sink,
        over,
        limits: { ...limits, totalMs, firstEventMs: call.timeoutMs },
      }),
    );
  }

  async #send<P extends { model?: string }, T>(
    params: P,
    options: ClaudeCallOptions | undefined,
    request: (params: P & { model: string }, options: SdkRequestOptions) => APIPromise<T>,
  ): Promise<T> {
    checkParams(params);
    const call = openCall(this.runtime, options, params.model);
    const model = modelOf(call);
    this.runtime.scope.current()?.handOver?.();
    const transport = new SdkTransport((limits) => request({ ...params, model }, limits));
    return valueOf(await this.runtime.pipeline.execute(call, transport), call);
  }
}

function checkParams(params: unknown): void {
  if (typeof params === 'object' && params !== null) return;
  throw new ClaudeInvalidOptionsError([`params: the parameters of the SDK's method, got ${show(params)}`]);
}

function modelOf({ model, feature }: ClaudeCall): string {
  if (model !== undefined) return model;
  throw new ClaudeInvalidOptionsError([
    `model: a model id, in the parameters or in features.${feature}.models, got undefined`,
  ]);
}

function oneOfPolicies(policy: StreamBreakPolicy): StreamBreakPolicy {
  if (STREAM_BREAK_POLICIES.includes(policy)) return policy;
  throw new ClaudeInvalidOptionsError([`onBreak: one of ${STREAM_BREAK_POLICIES.join(', ')}, got ${show(policy)}`]);
}
