import type { MeteredTokens } from '../core/cost/metered-usage.js';

/** More than a request can take a hundred times over; whoever says so is not the API. */
const MOST_TOKENS = 100_000_000;
const NAME = /^[\w.:/@-]{1,200}$/;

export type ReadTokens = MeteredTokens & { readonly isEstimated?: true };

/** @returns `undefined` without input tokens, or with numbers that cannot be */
export function readTokens(usage: unknown): ReadTokens | undefined {
  const inputTokens = field(usage, 'input_tokens');
  if (typeof inputTokens !== 'number') return undefined;
  const input = count(inputTokens);
  const written = count(field(usage, 'cache_creation_input_tokens'));
  const read = count(field(usage, 'cache_read_input_tokens'));
  const output = count(field(usage, 'output_tokens'));
  const split = field(usage, 'cache_creation');
  const for5m = count(field(split, 'ephemeral_5m_input_tokens'));
  const for1h = count(field(split, 'ephemeral_1h_input_tokens'));
  if (input === undefined || written === undefined || read === undefined || output === undefined) return undefined;
  if (for5m === undefined || for1h === undefined) return undefined;
  // What is in no part of the split is taken for the shorter time, which is what the API does unless told otherwise.
  const rest = Math.max(0, written - for5m - for1h);
  return {
    inputTokens: input,
    cacheWrite5mTokens: for5m + rest,
    cacheWrite1hTokens: for1h,
    cacheReadTokens: read,
    outputTokens: output,
    ...(written !== for5m + for1h && { isEstimated: true }),
  };
}

/** Nothing said is 0; what cannot be is `undefined`. */
export function count(value: unknown): number | undefined {
  if (value === null || value === undefined) return 0;
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS;
  return isCount ? value : undefined;
}

/** A name by its look: what answers may be anybody, and names go into logs and labels. */
export function name(value: unknown): string | undefined {
  return typeof value === 'string' && NAME.test(value) ? value : undefined;
}

export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
