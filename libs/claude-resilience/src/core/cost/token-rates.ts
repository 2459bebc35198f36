import type { BilledTokens } from './billed-parts.js';
import type { FoundPrice } from './find-price.js';
import type { MeteredTokens } from './metered-usage.js';
import { BATCH_FACTOR, type ModelPrice, type TokenPrices } from './price-table.js';

/** Whose prices the list holds: the client of the module's own options (`OWN_PLATFORM`). */
const LISTED_PLATFORM = 'anthropic';
/** Picodollars for one token at a price of 1 USD per million. */
const PICO_PER_TOKEN = 1e6;

/** Picodollars for one token of each kind: whole numbers, so that every token of a kind costs the same, and sums are exact. */
export interface TokenRates extends TokenPrices {
  /** The price is that of whoever sends the bill. */
  readonly isListed: boolean;
}

/** What tokens are priced by, besides their number. */
export type Priced = Pick<BilledTokens, 'platform' | 'serviceTier' | 'speed' | 'geography'>;

/** @returns what has no price, where that is so */
export function tokenRatesOf(priced: Priced, found: FoundPrice): TokenRates | 'speed' | 'service_tier' | 'geography' {
  const { price, isForeign } = found;
  const rates = ratesOf(priced, price);
  if (typeof rates === 'string') return rates;
  const { prices, factor } = rates;
  const of = (usd: number) => Math.round(usd * PICO_PER_TOKEN * factor);
  return {
    input: of(prices.input),
    cacheWrite5m: of(prices.cacheWrite5m),
    cacheWrite1h: of(prices.cacheWrite1h),
    cacheRead: of(prices.cacheRead),
    output: of(prices.output),
    isListed: price.source === 'configured' || (!isForeign && priced.platform === LISTED_PLATFORM),
  };
}

/** In picodollars. */
export function priceOf(tokens: MeteredTokens, rates: TokenRates): number {
  return (
    tokens.inputTokens * rates.input +
    tokens.cacheWrite5mTokens * rates.cacheWrite5m +
    tokens.cacheWrite1hTokens * rates.cacheWrite1h +
    tokens.cacheReadTokens * rates.cacheRead +
    tokens.outputTokens * rates.output
  );
}

/** What the size of a prompt is, to prices: read from a cache, written to one, and neither. */
export function promptTokensOf(tokens: MeteredTokens): number {
  return tokens.inputTokens + tokens.cacheReadTokens + tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens;
}

/** The prices that apply, and a factor on all of them; or what of it has no price. */
function ratesOf({ speed, serviceTier, geography }: Priced, { standard, fast, usFactor }: ModelPrice) {
  // Committed capacity is paid for beforehand; what comes next year has a price of its own.
  if (serviceTier !== 'standard' && serviceTier !== 'batch') return 'service_tier';
  const prices = speed === 'standard' ? standard : fast;
  // There are no fast batches.
  if (prices === undefined || speed === 'other' || (speed === 'fast' && serviceTier === 'batch')) return 'speed';
  const placeFactor = geography === 'anywhere' ? 1 : geography === 'us' ? usFactor : undefined;
  if (placeFactor === undefined) return 'geography';
  return { prices, factor: placeFactor * (serviceTier === 'batch' ? BATCH_FACTOR : 1) };
}
