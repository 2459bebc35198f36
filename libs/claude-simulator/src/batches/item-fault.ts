import type { Refusal } from '../api/api-call.js';
import type { ApiProblem } from '../api/api-problem.js';

/** What goes wrong with one item of a batch. */
export type ItemFault =
  | { readonly kind: 'error'; readonly problem: ApiProblem }
  /** As if the day had ended before its turn came. */
  | { readonly kind: 'expired' }
  | Refusal;

/** What the scenario looks at. */
export interface ItemTarget {
  readonly customId: string;
  readonly model: string | null;
  readonly promptText: string;
}

/** Asked once for every item, in their order, when the batch is created. */
export type StrikeItem = (item: ItemTarget) => ItemFault | null;
