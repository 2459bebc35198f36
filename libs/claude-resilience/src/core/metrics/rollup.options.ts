const DAY_MS = 86_400_000;

export interface RollupOptions {
  /**
   * Milliseconds that slots of 5 minutes are kept. Baselines look back 7 days, and need to see one more; a slot of 60 calls
   * takes about 1 KB in the store. @default 8 days
   */
  readonly keepFiveMinutesMs?: number;
  /** Milliseconds that slots of an hour are kept. @default 30 days */
  readonly keepHoursMs?: number;
}

export type ResolvedRollupOptions = Readonly<Required<RollupOptions>>;

export const ROLLUP_DEFAULTS: ResolvedRollupOptions = Object.freeze({
  keepFiveMinutesMs: 8 * DAY_MS,
  keepHoursMs: 30 * DAY_MS,
});
