import { billedParts, type BilledPart, type BilledTokens } from './billed-parts.js';
import { findPrice } from './find-price.js';
import type { MeteredRequest, MeteredTokens } from './metered-usage.js';
import { MOST_PICO_USD } from './money.js';
import type { PriceTable } from './price-table.js';
import { priceOf, promptTokensOf, tokenRatesOf } from './token-rates.js';

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
  const { tokens, model, isEstimated } = part;
  if (isNothing(tokens)) return amount(0, isEstimated);
  const found = model === undefined ? undefined : findPrice(table, model, promptTokensOf(tokens), atMs);
  if (found === undefined) return unknown('model');
  const rates = tokenRatesOf(part, found);
  if (typeof rates === 'string') return unknown(rates);
  return amount(priceOf(tokens, rates), isEstimated || !rates.isListed);
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
