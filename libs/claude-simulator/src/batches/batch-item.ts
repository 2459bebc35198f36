import type { JsonObject } from '../json/json-object.js';
import type { ItemFault } from './item-fault.js';

/** One request of a batch, not yet checked beyond its envelope. */
export interface BatchItem {
  readonly customId: string;
  /** The body of a message; what is wrong with it shows only in the results. */
  readonly params: JsonObject;
  /** What the scenario did to it; null if nothing. */
  readonly fault: ItemFault | null;
}
