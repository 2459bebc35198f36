import { pricedModel } from './priced-model.js';
import type { ModelPrice, PriceTable } from './price-table.js';

export interface FoundPrice {
  readonly price: ModelPrice;
  /** The list is not that of whoever sent the bill. */
  readonly isForeign: boolean;
  /** All prices of the model. */
  readonly all: readonly ModelPrice[];
}

/**
 * The price of a model at a moment, for a prompt of a size. An id that was configured as it stands wins over what it means.
 *
 * @param promptTokens read, written and neither @param atMs wall-clock milliseconds
 */
export function findPrice(
  { prices }: PriceTable,
  id: string,
  promptTokens: number,
  atMs: number,
): FoundPrice | undefined {
  const exact = prices.get(id);
  const meant = exact === undefined ? pricedModel(id) : { model: id, isForeign: false };
  const known = exact ?? prices.get(meant?.model ?? '');
  if (known === undefined || meant === undefined) return undefined;
  // Most models have one price.
  const price = known.length === 1 ? known[0] : bandOf(validAt(known, atMs), promptTokens);
  return price && { price, isForeign: meant.isForeign, all: known };
}

/** For which moments and prompts a price is the one that is found. */
export interface PriceSpan {
  /** Wall-clock milliseconds; `untilMs` is the first that is not in it. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly abovePromptTokens: number;
  readonly upToPromptTokens: number;
}

export function spanOf({ price, all }: FoundPrice): PriceSpan {
  const { fromMs, abovePromptTokens } = price;
  const isFirst = all.every((other) => other.fromMs >= fromMs);
  const later = all.filter((other) => other.fromMs > fromMs);
  const larger = all.filter((other) => other.fromMs === fromMs && other.abovePromptTokens > abovePromptTokens);
  return {
    fromMs: isFirst ? -Infinity : fromMs,
    untilMs: Math.min(Infinity, ...later.map((other) => other.fromMs)),
    abovePromptTokens: abovePromptTokens === 0 ? -Infinity : abovePromptTokens,
    upToPromptTokens: Math.min(Infinity, ...larger.map((other) => other.abovePromptTokens)),
  };
}

/** A clock before the model's first day is wrong, or the model was early: its first price is the best guess. */
function validAt(prices: readonly ModelPrice[], atMs: number): readonly ModelPrice[] {
  const begun = prices.filter(({ fromMs }) => fromMs <= atMs);
  const fromMs =
    begun.length > 0
      ? begun.reduce((latest, price) => Math.max(latest, price.fromMs), -Infinity)
      : prices.reduce((first, price) => Math.min(first, price.fromMs), Infinity);
  return prices.filter((price) => price.fromMs === fromMs);
}

function bandOf(prices: readonly ModelPrice[], promptTokens: number): ModelPrice | undefined {
  return prices
    .filter(({ abovePromptTokens }) => abovePromptTokens === 0 || promptTokens > abovePromptTokens)
    .reduce<ModelPrice | undefined>(
      (highest, price) =>
        highest === undefined || price.abovePromptTokens > highest.abovePromptTokens ? price : highest,
      undefined,
    );
}
