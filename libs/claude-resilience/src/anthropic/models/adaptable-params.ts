import type Anthropic from '@anthropic-ai/sdk';

/** A request, streamed or not. */
export type AdaptableParams = Omit<Anthropic.MessageCreateParamsNonStreaming, 'stream'>;

/** The same without one field; the same object if it is not there. */
export function withoutField(params: AdaptableParams, field: keyof AdaptableParams): AdaptableParams {
  if (params[field] === undefined) return params;
  return Object.fromEntries(Object.entries(params).filter(([name]) => name !== field)) as unknown as AdaptableParams;
}
