import type { MeteredTokens } from '../core/cost/metered-usage.js';

/** More than a request can take a hundred times over; whoever says so is not the API. */
const MOST_TOKENS = 100_000_000;
const NAME = /^[\w.:/@-]{1,200}$/;

export type ReadTokens = MeteredTokens & { readonly isEstimated?: true };

/** What the API says of tokens; whoever answers in its place may say anything. */
export interface SaidTokens {
  readonly input_tokens?: unknown;
  readonly output_tokens?: unknown;
  readonly cache_read_input_tokens?: unknown;
  readonly cache_creation_input_tokens?: unknown;
  readonly cache_creation?: {
    readonly ephemeral_5m_input_tokens?: unknown;
    readonly ephemeral_1h_input_tokens?: unknown;
  } | null;
}

/** @returns `undefined` without input tokens, or with numbers that cannot be */
export function readTokens(usage: SaidTokens | null | undefined): ReadTokens | undefined {
  if (typeof usage?.input_tokens !== 'number') return undefined;
  const { cache_creation: split } = usage;
  const input = count(usage.input_tokens);
  const written = count(usage.cache_creation_input_tokens);
  const read = count(usage.cache_read_input_tokens);
  const output = count(usage.output_tokens);
  const for5m = count(split?.ephemeral_5m_input_tokens);
  const for1h = count(split?.ephemeral_1h_input_tokens);
  if (input === undefined || written === undefined || read === undefined || output === undefined) return undefined;
  if (for5m === undefined || for1h === undefined) return undefined;
  // What is in no part of the split is taken for the shorter time, which is what the API does unless told otherwise.
  const rest = Math.max(0, written - for5m - for1h);
  const tokens: ReadTokens = {
    inputTokens: input,
    cacheWrite5mTokens: for5m + rest,
    cacheWrite1hTokens: for1h,
    cacheReadTokens: read,
    outputTokens: output,
  };
  return written === for5m + for1h ? tokens : { ...tokens, isEstimated: true };
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
