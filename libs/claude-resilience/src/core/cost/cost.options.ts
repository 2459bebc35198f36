import { OptionReader } from '../option-reader.js';
import { readBudgets, type BudgetsOptions, type ResolvedBudgets } from './budget.options.js';
import { readPriceTable, type PricesOptions } from './price.options.js';
import { WEB_SEARCH_USD_PER_THOUSAND, type PriceTable } from './price-table.js';

/** What requests cost (R34). */
export interface CostOptions {
  /** Prices of models that are not in the built-in list, or cost something else. @default the API's list */
  readonly prices?: PricesOptions;
  /** US dollars for a thousand web searches, from 0. @default 10 */
  readonly webSearchUsdPerThousand?: number;
  /** What may be spent. @default none */
  readonly budgets?: BudgetsOptions;
}

export interface ResolvedCostOptions {
  readonly prices: PriceTable;
  readonly budgets: ResolvedBudgets;
}

export function readCostOptions(path: string, given: unknown, issues: string[]): ResolvedCostOptions {
  const read = new OptionReader(path, given, issues);
  const webSearchUsd = read.number('webSearchUsdPerThousand', WEB_SEARCH_USD_PER_THOUSAND, { min: 0, max: 1_000 });
  const options: ResolvedCostOptions = {
    prices: readPriceTable(read.at('prices'), read.take('prices'), issues, webSearchUsd),
    budgets: readBudgets(read.at('budgets'), read.take('budgets'), issues),
  };
  read.done();
  return Object.freeze(options);
}
