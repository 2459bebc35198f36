import type Anthropic from '@anthropic-ai/sdk';
import type { AnthropicClient } from './anthropic.options.js';

/** A client that speaks the Batches API; those of other platforms do not. */
export type BatchClient = Pick<Anthropic, 'get'> & {
  readonly messages: {
    readonly batches: Pick<Anthropic['messages']['batches'], 'create' | 'retrieve' | 'list' | 'cancel'>;
  };
};

export function hasBatches(client: AnthropicClient): client is AnthropicClient & BatchClient {
  const { get, messages } = client as { get?: unknown; messages?: { batches?: { create?: unknown } } };
  return typeof get === 'function' && typeof messages?.batches?.create === 'function';
}
