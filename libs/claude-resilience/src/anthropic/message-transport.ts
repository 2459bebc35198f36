import type { APIPromise } from '@anthropic-ai/sdk';
import type Anthropic from '@anthropic-ai/sdk';
import type { Sending } from '../core/call.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import type { ClientOf } from './anthropic.options.js';
import { hasBetaMessages, sendWithRefusalModels } from './refusal-fallback.js';
import type { SdkRequestOptions } from './request-options.js';
import type { RequestPlan } from './request-plan.js';
import { SdkTransport } from './sdk-transport.js';

/** Sends a call for a whole message. */
export class MessageTransport extends SdkTransport<Anthropic.Message> {
  /** @param refusalModels whom the SDK asks where a model declines to answer */
  constructor(
    private readonly clients: ClientOf,
    private readonly plan: RequestPlan<Anthropic.MessageCreateParamsNonStreaming>,
    private readonly refusalModels: readonly string[],
  ) {
    super(plan);
  }

  protected override request(options: SdkRequestOptions, sending: Sending): APIPromise<Anthropic.Message> {
    const { platform = OWN_PLATFORM } = sending.target;
    const client = this.clients(platform);
    const params = this.plan.paramsFor(sending);
    // Other platforms know the models by other names: there a refusal is a refusal.
    return this.refusalModels.length > 0 && platform === OWN_PLATFORM && hasBetaMessages(client)
      ? sendWithRefusalModels(client, params, this.refusalModels, options)
      : client.messages.create(params, options);
  }
}
