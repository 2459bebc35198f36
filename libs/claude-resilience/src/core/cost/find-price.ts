import { pricedModel } from './priced-model.js';
import type { ModelPrice, PriceTable } from './price-table.js';

export interface FoundPrice {
  readonly price: ModelPrice;
  /** The list is not that of whoever sent the bill. */
  readonly isForeign: boolean;
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
  return price && { price, isForeign: meant.isForeign };
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
