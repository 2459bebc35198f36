import type Anthropic from '@anthropic-ai/sdk';
import type { APIPromise } from '@anthropic-ai/sdk';
import type { AnthropicClient } from '../anthropic/anthropic.options.js';
import { SdkTransport, type SdkRequestOptions } from '../anthropic/sdk-transport.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { show } from '../core/option-reader.js';
import { openCall, type ClaudeCallOptions } from './claude-call.options.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { valueOf } from './outcome-value.js';

type ModelOptional<P extends { model: unknown }> = Omit<P, 'model'> & Partial<Pick<P, 'model'>>;

/** The SDK's own parameters; `model` may be left to the feature's `models`. */
export type ClaudeMessageParams = ModelOptional<Anthropic.MessageCreateParamsNonStreaming>;
export type ClaudeCountTokensParams = ModelOptional<Anthropic.MessageCountTokensParams>;

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

  async #send<P extends { model?: string }, T>(
    params: P,
    options: ClaudeCallOptions | undefined,
    request: (params: P & { model: string }, options: SdkRequestOptions) => APIPromise<T>,
  ): Promise<T> {
    if (typeof params !== 'object' || params === null) {
      throw new ClaudeInvalidOptionsError([`params: the parameters of the SDK's method, got ${show(params)}`]);
    }
    const call = openCall(this.runtime, options, params.model);
    const { model } = call;
    if (model === undefined) {
      throw new ClaudeInvalidOptionsError([
        `model: a model id, in the parameters or in features.${call.feature}.models, got undefined`,
      ]);
    }
    this.runtime.scope.current()?.handOver?.();
    const transport = new SdkTransport((limits) => request({ ...params, model }, limits));
    return valueOf(await this.runtime.pipeline.execute(call, transport), call);
  }
}
