import type { Buckets } from './buckets.js';
import { rfc3339Seconds } from './rfc3339.js';
import type { TokenBucket } from './token-bucket.js';

export type RateLimitHeaders = Readonly<Record<string, string>>;

const REMAINING_TOKENS_STEP = 1_000;

interface Reading {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAtMs: number;
}

/** What is left now: `reset` is when a limit is FULL again, tokens are rounded to the nearest thousand. */
export function rateLimitHeaders({ requests, inputTokens, outputTokens }: Buckets, nowMs: number): RateLimitHeaders {
  const headers = family('requests', read(requests, nowMs));
  if (inputTokens === undefined || outputTokens === undefined) return headers;
  const input = read(inputTokens, nowMs, REMAINING_TOKENS_STEP);
  const output = read(outputTokens, nowMs, REMAINING_TOKENS_STEP);
  return {
    ...headers,
    // No workspace limit is simulated, so this family is input and output together.
    ...family('tokens', {
      limit: input.limit + output.limit,
      remaining: input.remaining + output.remaining,
      resetAtMs: Math.max(input.resetAtMs, output.resetAtMs),
    }),
    ...family('input-tokens', input),
    ...family('output-tokens', output),
  };
}

function read(bucket: TokenBucket, nowMs: number, step = 1): Reading {
  const remaining = Math.round(bucket.remaining(nowMs) / step) * step;
  return { limit: bucket.perMinute, remaining, resetAtMs: bucket.fullAtMs(nowMs) };
}

function family(name: string, { limit, remaining, resetAtMs }: Reading): RateLimitHeaders {
  return {
    [`anthropic-ratelimit-${name}-limit`]: String(limit),
    [`anthropic-ratelimit-${name}-remaining`]: String(remaining),
    [`anthropic-ratelimit-${name}-reset`]: rfc3339Seconds(resetAtMs),
  };
}
