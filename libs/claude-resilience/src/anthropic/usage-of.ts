import type { TokenUsage } from '../core/call.js';

/**
 * Tokens of a message, or of what a stream has told of them so far; `undefined` where there is nothing of the kind. Takes
 * any shape: what answers may be a proxy.
 */
export function usageOf(answer: unknown): TokenUsage | undefined {
  const usage = (answer as Answer)?.usage;
  const inputTokens = usage?.input_tokens;
  if (typeof inputTokens !== 'number') return undefined;
  return {
    inputTokens,
    cacheWriteTokens: count(usage?.cache_creation_input_tokens),
    cacheReadTokens: count(usage?.cache_read_input_tokens),
    outputTokens: count(usage?.output_tokens),
  };
}

type Answer = { readonly usage?: Said } | null | undefined;
type Said = Readonly<Partial<Record<Counted, unknown>>> | null;
type Counted = 'input_tokens' | 'cache_creation_input_tokens' | 'cache_read_input_tokens' | 'output_tokens';

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
