import type { TokenUsage } from '../core/call.js';

/**
 * Tokens of a message, or of what a stream has told of them so far; `undefined` where there is nothing of the kind. Takes
 * any shape: what answers may be a proxy.
 */
export function usageOf(answer: unknown): TokenUsage | undefined {
  const usage = field(answer, 'usage');
  const inputTokens = field(usage, 'input_tokens');
  if (typeof inputTokens !== 'number') return undefined;
  return {
    inputTokens,
    cacheWriteTokens: count(field(usage, 'cache_creation_input_tokens')),
    cacheReadTokens: count(field(usage, 'cache_read_input_tokens')),
    outputTokens: count(field(usage, 'output_tokens')),
  };
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
