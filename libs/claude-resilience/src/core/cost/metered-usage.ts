import type { RefusalCategory } from '../failure/refusal-category.js';

/** Tokens by what they cost. */
export interface MeteredTokens {
  /** Of the prompt, neither read from a cache nor written to one. */
  readonly inputTokens: number;
  /** Written to a cache that lasts 5 minutes. */
  readonly cacheWrite5mTokens: number;
  /** Written to a cache that lasts an hour. */
  readonly cacheWrite1hTokens: number;
  readonly cacheReadTokens: number;
  /** With those of thinking. */
  readonly outputTokens: number;
}

export const NO_TOKENS: MeteredTokens = Object.freeze({
  inputTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  cacheReadTokens: 0,
  outputTokens: 0,
});

/** A model declined. Before any of the answer was said that is billed for some categories only. */
export interface MeteredRefusal {
  readonly when: 'before_output' | 'midway';
  /** `none`: the API named none; `unlisted`: one of next year; `undefined`: nobody told. */
  readonly category: RefusalCategory | 'none' | 'unlisted' | undefined;
}

/** One of several rounds of a model inside one request: fallbacks, advisors, compactions, loops of server tools. */
export interface MeteredIteration extends MeteredTokens {
  readonly type: 'message' | 'fallback_message' | 'advisor_message' | 'compaction' | 'other';
  /** `undefined`: that of the request. */
  readonly model: string | undefined;
  /** Set when this model declined and another one answered. */
  readonly refusal?: MeteredRefusal;
  /** Set when how much of it was written to which cache is not known. */
  readonly isEstimated?: true;
}

export type MeteredTier = 'standard' | 'priority' | 'batch' | 'other';

/** All that the price of one request depends on, besides model and date. */
export interface MeteredUsage extends MeteredTokens {
  /** Of the output; information only. */
  readonly thinkingTokens: number;
  /** Each has a fee. */
  readonly webSearches: number;
  /** These cost only their tokens. */
  readonly webFetches: number;
  readonly serviceTier: MeteredTier;
  readonly speed: 'standard' | 'fast' | 'other';
  /** Where the model ran; `anywhere` is also for models that cannot be told. */
  readonly geography: 'anywhere' | 'us' | 'other';
  /** Where there are any, they are what is billed, and not the sums above. */
  readonly iterations: readonly MeteredIteration[];
  /** Cache writes are billed as reads, for a conversation that another model had declined. */
  readonly fallbackCredit?: 'redeemed' | 'not_applied';
  readonly refusal?: MeteredRefusal;
  /** Set for what nobody counted: broken streams, requests without an answer. */
  readonly isEstimated?: true;
}

/** What one request took of which model. */
export interface MeteredReply {
  /** Who answered, in the API's words; or who was asked, where it did not say. */
  readonly model: string | undefined;
  /** `undefined`: it answered, and its usage cannot be read. */
  readonly usage: MeteredUsage | undefined;
}

/** One request that has a price. */
export interface MeteredRequest extends MeteredReply {
  /** Name of the client in `platforms`; `anthropic` is the module's own. */
  readonly platform: string | undefined;
  /** Wall-clock milliseconds of its end: prices change. */
  readonly atMs: number;
}

/** Of a request of which no more is known than what was asked; lower than what it was, as nobody knows the answer. */
export function estimatedUsage(inputTokens: number, outputTokens = 0): MeteredUsage {
  return {
    ...NO_TOKENS,
    inputTokens,
    outputTokens,
    thinkingTokens: 0,
    webSearches: 0,
    webFetches: 0,
    serviceTier: 'standard',
    speed: 'standard',
    geography: 'anywhere',
    iterations: [],
    isEstimated: true,
  };
}
