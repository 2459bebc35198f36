import { NO_COST, type CostSum } from './cost-sum.js';
import { findPrice, spanOf, type PriceSpan } from './find-price.js';
import type { MeteredRequest, MeteredUsage } from './metered-usage.js';
import { MOST_PICO_USD, NO_MONEY, plusPicoUsd } from './money.js';
import type { PriceTable } from './price-table.js';
import { priceOf, promptTokensOf, tokenRatesOf, type Priced, type TokenRates } from './token-rates.js';

/** More models than an application asks: names come from answers. */
const MOST_MODELS = 100;

/** What one token of a model costs, and for which requests that is so. */
interface Known extends Priced {
  readonly span: PriceSpan;
  readonly rates: TokenRates;
}

/**
 * What single requests cost that are like others before, which nearly all are: one round of a model that answered, at rates
 * that have been looked up. The rest is for `sumOfCosts`, which says the same of these, too.
 */
export class PlainCosts {
  readonly #byModel = new Map<string, Known>();

  constructor(private readonly table: PriceTable) {}

  /** @returns `undefined` where it must be looked at more closely */
  of({ model, platform, usage, atMs }: MeteredRequest): CostSum | undefined {
    if (model === undefined || usage === undefined || !isPlain(usage)) return undefined;
    const promptTokens = promptTokensOf(usage);
    const known = this.#byModel.get(model);
    const rates =
      known !== undefined && isLike(known, platform, usage) && isIn(known.span, atMs, promptTokens)
        ? known.rates
        : this.#learn(model, platform, usage, atMs, promptTokens);
    if (rates === undefined) return undefined;
    const picoUsd = priceOf(usage, rates);
    if (!(picoUsd > 0 && picoUsd <= MOST_PICO_USD)) return undefined;
    const money = plusPicoUsd(NO_MONEY, picoUsd);
    const isExact = rates.isListed && usage.isEstimated !== true;
    return isExact ? { ...NO_COST, exact: money } : { ...NO_COST, estimated: money };
  }

  #learn(
    model: string,
    platform: string | undefined,
    { serviceTier, speed, geography }: MeteredUsage,
    atMs: number,
    promptTokens: number,
  ): TokenRates | undefined {
    const found = findPrice(this.table, model, promptTokens, atMs);
    if (found === undefined) return undefined;
    const priced = { platform, serviceTier, speed, geography };
    const rates = tokenRatesOf(priced, found);
    if (typeof rates === 'string') return undefined;
    if (this.#byModel.size >= MOST_MODELS) this.#byModel.clear();
    this.#byModel.set(model, { ...priced, span: spanOf(found), rates });
    return rates;
  }
}

/** Nobody declined, nothing was searched, and there was one round. */
function isPlain({ iterations, webSearches, refusal, fallbackCredit }: MeteredUsage): boolean {
  return iterations.length === 0 && webSearches === 0 && refusal === undefined && fallbackCredit === undefined;
}

function isLike(known: Known, platform: string | undefined, { serviceTier, speed, geography }: MeteredUsage): boolean {
  return (
    known.platform === platform &&
    known.serviceTier === serviceTier &&
    known.speed === speed &&
    known.geography === geography
  );
}

function isIn(span: PriceSpan, atMs: number, promptTokens: number): boolean {
  return (
    atMs >= span.fromMs &&
    atMs < span.untilMs &&
    promptTokens > span.abovePromptTokens &&
    promptTokens <= span.upToPromptTokens
  );
}
