import { OptionReader, show } from '../option-reader.js';

/** What retries may add to the load, where nobody paces the requests: `run` functions, and all with `pacing: false`. */
export interface RetryBudgetOptions {
  /** Retries that each call pays for, 0 or more. @default 0.2 */
  readonly ratio?: number;
  /** Retries that are there whatever the traffic, a second, 0 or more. @default 10 */
  readonly perSecond?: number;
}
export type ResolvedRetryBudgetOptions = Readonly<Required<RetryBudgetOptions>>;

/** A share of 10 to 20 % is usual; at a few calls a minute a share is nothing, hence the rest. */
export const RETRY_BUDGET_DEFAULTS: ResolvedRetryBudgetOptions = Object.freeze({ ratio: 0.2, perSecond: 10 });

/** @returns `false` when there is no bound */
export function readRetryBudgetOptions(
  path: string,
  given: unknown,
  issues: string[],
): ResolvedRetryBudgetOptions | false {
  if (given === false) return false;
  if (given === true || typeof given === 'string') {
    issues.push(`${path}: false, or an object of options, got ${show(given)}`);
    return RETRY_BUDGET_DEFAULTS;
  }
  const read = new OptionReader(path, given, issues);
  const options: ResolvedRetryBudgetOptions = {
    ratio: read.number('ratio', RETRY_BUDGET_DEFAULTS.ratio, { min: 0, max: 100 }),
    perSecond: read.number('perSecond', RETRY_BUDGET_DEFAULTS.perSecond, { min: 0, max: 1_000_000 }),
  };
  read.done();
  return Object.freeze(options);
}
