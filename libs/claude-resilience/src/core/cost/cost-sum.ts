import { billedParts } from './billed-parts.js';
import { costOfPart, UNKNOWN_COST_REASONS, type Cost, type UnknownCostReason } from './cost-of.js';
import type { MeteredRequest } from './metered-usage.js';
import { isNothing, NO_MONEY, plusMoney, plusPicoUsd, usdOf, type Money } from './money.js';
import type { PriceTable } from './price-table.js';

/** What several things cost together. What is sure, what is guessed and what nobody knows stay apart. */
export interface CostSum {
  readonly exact: Money;
  readonly estimated: Money;
  /** How many have no price, by the reason; no reason is there with 0. */
  readonly unknown: Readonly<Partial<Record<UnknownCostReason, number>>>;
}

export const NO_COST: CostSum = Object.freeze({ exact: NO_MONEY, estimated: NO_MONEY, unknown: Object.freeze({}) });

export function plusCost(sum: CostSum, cost: Cost): CostSum {
  switch (cost.certainty) {
    case 'exact':
      return { ...sum, exact: plusPicoUsd(sum.exact, cost.picoUsd) };
    case 'estimated':
      return { ...sum, estimated: plusPicoUsd(sum.estimated, cost.picoUsd) };
    case 'unknown':
      return { ...sum, unknown: { ...sum.unknown, [cost.reason]: (sum.unknown[cost.reason] ?? 0) + 1 } };
    default:
      return cost satisfies never;
  }
}

export function plusCosts(one: CostSum, other: CostSum): CostSum {
  const unknown: Partial<Record<UnknownCostReason, number>> = { ...one.unknown };
  for (const reason of UNKNOWN_COST_REASONS) {
    const count = other.unknown[reason];
    if (count !== undefined) unknown[reason] = (unknown[reason] ?? 0) + count;
  }
  return {
    exact: plusMoney(one.exact, other.exact),
    estimated: plusMoney(one.estimated, other.estimated),
    unknown,
  };
}

/** All requests of a call, or of an hour: of one that is known in part, that part is in the sum, and the rest is counted. */
export function sumOfCosts(requests: readonly MeteredRequest[], table: PriceTable): CostSum {
  let sum = NO_COST;
  for (const request of requests) {
    for (const part of billedParts(request)) sum = plusCost(sum, costOfPart(part, request.atMs, table));
  }
  return sum;
}

/** What is known of it, sure or guessed; never less than 0, and less than the truth if `unknown` is not empty. */
export function knownUsdOf({ exact, estimated }: CostSum): number {
  return isNothing(estimated) ? usdOf(exact) : usdOf(plusMoney(exact, estimated));
}

export function unknownIn({ unknown }: CostSum): number {
  if (unknown === NO_COST.unknown) return 0;
  return Object.values(unknown).reduce((sum, count) => sum + count, 0);
}
