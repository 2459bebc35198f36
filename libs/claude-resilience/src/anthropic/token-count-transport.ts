import type { APIPromise } from '@anthropic-ai/sdk';
import type Anthropic from '@anthropic-ai/sdk';
import type { Sending } from '../core/call.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { AnthropicClient } from './anthropic.options.js';
import type { SdkRequestOptions } from './request-options.js';
import type { RequestPlan } from './request-plan.js';
import { SdkTransport } from './sdk-transport.js';

type CountTokens = NonNullable<AnthropicClient['messages']['countTokens']>;

/** Sends a call for a count of tokens. */
export class TokenCountTransport extends SdkTransport<Anthropic.MessageTokensCount> {
  readonly #count: CountTokens;

  /** @throws {ClaudeInvalidOptionsError} for a client of a platform that cannot count, before anything is sent */
  constructor(
    client: AnthropicClient,
    private readonly plan: RequestPlan<Anthropic.MessageCreateParamsNonStreaming>,
  ) {
    super(plan);
    this.#count = counterOf(client);
  }

  protected override request(options: SdkRequestOptions, sending: Sending): APIPromise<Anthropic.MessageTokensCount> {
    return this.#count(this.plan.paramsFor(sending), options);
  }
}

function counterOf({ messages }: AnthropicClient): CountTokens {
  const { countTokens } = messages;
  if (countTokens !== undefined) return countTokens.bind(messages);
  throw new ClaudeInvalidOptionsError(['countTokens: this platform cannot count; name a model of another one']);
}
