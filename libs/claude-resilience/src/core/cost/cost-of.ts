import { billedParts, type BilledPart, type BilledTokens } from './billed-parts.js';
import { findPrice } from './find-price.js';
import type { MeteredRequest, MeteredTokens } from './metered-usage.js';
import { MOST_PICO_USD } from './money.js';
import { BATCH_FACTOR, type ModelPrice, type PriceTable, type TokenPrices } from './price-table.js';

/**
 * Why nobody can say what something cost: no readable usage; a model, a speed, a service tier or a place without a price;
 * or more than a request can cost.
 */
export const UNKNOWN_COST_REASONS = ['usage', 'model', 'speed', 'service_tier', 'geography', 'amount'] as const;
export type UnknownCostReason = (typeof UNKNOWN_COST_REASONS)[number];

/** What something cost, before taxes and discounts. What is not known is no zero. */
export type Cost =
  | { readonly certainty: 'exact' | 'estimated'; /** Whole. */ readonly picoUsd: number }
  | { readonly certainty: 'unknown'; readonly reason: UnknownCostReason };

/** Whose prices the list holds: the client of the module's own options (`OWN_PLATFORM`). */
const LISTED_PLATFORM = 'anthropic';
/** Picodollars for one token at a price of 1 USD per million. */
const PICO_PER_TOKEN = 1e6;
/** Picodollars for one search at a price of 1 USD per thousand. */
const PICO_PER_SEARCH = 1e9;

/** Of one request; unknown as soon as any part of it is. */
export function costOf(request: MeteredRequest, table: PriceTable): Cost {
  return billedParts(request)
    .map((part) => costOfPart(part, request.atMs, table))
    .reduce<Cost>(together, { certainty: 'exact', picoUsd: 0 });
}

function together(one: Cost, other: Cost): Cost {
  if (one.certainty === 'unknown') return one;
  if (other.certainty === 'unknown') return other;
  const isEstimated = one.certainty === 'estimated' || other.certainty === 'estimated';
  return amount(one.picoUsd + other.picoUsd, isEstimated);
}

/** @param atMs wall-clock milliseconds */
export function costOfPart(part: BilledPart, atMs: number, table: PriceTable): Cost {
  switch (part.type) {
    case 'tokens':
      return costOfTokens(part, atMs, table);
    case 'web_searches':
      return amount(part.count * Math.round(table.webSearchUsdPerThousand * PICO_PER_SEARCH), false);
    case 'unreadable':
      return unknown('usage');
    default:
      return part satisfies never;
  }
}

function costOfTokens(part: BilledTokens, atMs: number, table: PriceTable): Cost {
  const { tokens, model, platform, isEstimated } = part;
  if (isNothing(tokens)) return amount(0, isEstimated);
  const promptTokens =
    tokens.inputTokens + tokens.cacheReadTokens + tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens;
  const found = model === undefined ? undefined : findPrice(table, model, promptTokens, atMs);
  if (found === undefined) return unknown('model');
  const { price } = found;
  const rates = ratesOf(part, price);
  if (typeof rates === 'string') return unknown(rates);
  const { prices, factor } = rates;
  const isListed = price.source === 'configured' || (!found.isForeign && platform === LISTED_PLATFORM);
  // Rounded by token, so that every token of a kind costs the same, and sums are exact.
  const of = (count: number, usd: number) => count * Math.round(usd * PICO_PER_TOKEN * factor);
  return amount(
    of(tokens.inputTokens, prices.input) +
      of(tokens.cacheWrite5mTokens, prices.cacheWrite5m) +
      of(tokens.cacheWrite1hTokens, prices.cacheWrite1h) +
      of(tokens.cacheReadTokens, prices.cacheRead) +
      of(tokens.outputTokens, prices.output),
    isEstimated || !isListed,
  );
}

/** The prices that apply, and a factor on all of them; or what of it has no price. */
function ratesOf(
  { speed, serviceTier, geography }: BilledTokens,
  { standard, fast, usFactor }: ModelPrice,
): { readonly prices: TokenPrices; readonly factor: number } | UnknownCostReason {
  // Committed capacity is paid for beforehand; what comes next year has a price of its own.
  if (serviceTier !== 'standard' && serviceTier !== 'batch') return 'service_tier';
  const prices = speed === 'standard' ? standard : fast;
  // There are no fast batches.
  if (prices === undefined || speed === 'other' || (speed === 'fast' && serviceTier === 'batch')) return 'speed';
  const placeFactor = geography === 'anywhere' ? 1 : geography === 'us' ? usFactor : undefined;
  if (placeFactor === undefined) return 'geography';
  return { prices, factor: placeFactor * (serviceTier === 'batch' ? BATCH_FACTOR : 1) };
}

function isNothing(tokens: MeteredTokens): boolean {
  const { inputTokens, cacheWrite5mTokens, cacheWrite1hTokens, cacheReadTokens, outputTokens } = tokens;
  return inputTokens + cacheWrite5mTokens + cacheWrite1hTokens + cacheReadTokens + outputTokens === 0;
}

function amount(picoUsd: number, isEstimated: boolean): Cost {
  if (!(picoUsd >= 0 && picoUsd <= MOST_PICO_USD)) return unknown('amount');
  return { certainty: isEstimated ? 'estimated' : 'exact', picoUsd };
}

function unknown(reason: UnknownCostReason): Cost {
  return { certainty: 'unknown', reason };
}
