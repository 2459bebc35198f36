/** One request in a batch. */
export interface BatchItem {
  /** How the API calls it. Chance, never derived from the request's id, which is a secret. */
  readonly customId: string;
  readonly requestId: string;
  /** Of the claim under which it was taken: whoever lost that says nothing about the request. */
  readonly fencingNumber: number;
}

/** Where a batch is. Times are wall-clock milliseconds. */
export type BatchState =
  /** For certain not with the API. */
  | { readonly name: 'prepared' }
  /** Written before it is sent: whoever reads this after a crash does not know whether it arrived. */
  | { readonly name: 'sending'; readonly sentAtMs: number }
  /** One of these may be it. Only their results can tell, at their end. */
  | { readonly name: 'suspected'; readonly sentAtMs: number; readonly batchIds: readonly string[] }
  | { readonly name: 'sent'; readonly sentAtMs: number; readonly batchId: string };

/** A batch, as it is kept until every item of it is settled. Holds nothing of what was asked. */
export interface BatchRecord {
  readonly id: string;
  readonly createdAtMs: number;
  /** From `sending` on exactly those that were sent. */
  readonly items: readonly BatchItem[];
  readonly state: BatchState;
}

/** Whether somebody may be at work on it already, and be paid for it. */
export function sentAtMsOf({ state }: BatchRecord): number | undefined {
  return state.name === 'prepared' ? undefined : state.sentAtMs;
}
