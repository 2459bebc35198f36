/** How message batches run; all on the simulator's clock, whole milliseconds, 0 or more. */
export interface BatchOptions {
  /**
   * From the creation of a batch to its end; its items are processed one after the other, evenly spread over this time.
   * 0: over by the first look at it. @default 2_000
   */
  readonly durationMs?: number;
  /** From a cancellation to the end, if the batch would not have ended sooner. @default 500 */
  readonly cancelMs?: number;
  /** From the creation until what has not been processed expires. @default 86_400_000, 24 hours as the API has it */
  readonly expiresAfterMs?: number;
}

export const BATCH_DEFAULTS: Readonly<Required<BatchOptions>> = {
  durationMs: 2_000,
  cancelMs: 500,
  expiresAfterMs: 24 * 60 * 60 * 1_000,
};
