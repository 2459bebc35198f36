/** What a screener looks at. */
export interface ScreenedInput {
  readonly feature: string;
  readonly correlationId: string;
  /** The texts of the user's turns of the request, the newest last. What a function under `run` sends is not screened. */
  readonly texts: readonly string[];
  /** Aborts when the time is over or the caller gives up. */
  readonly signal: AbortSignal;
}

export type ScreenVerdict =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** A short label of your own, for the people who review it; no end user ever sees it. Up to 200 characters. */
      readonly reason: string;
    };

/**
 * Looks at what users wrote before it is sent (R17). What it does not allow is not sent, and neither is anything while it
 * throws, hangs or answers something else.
 */
export abstract class ContentScreener {
  abstract screen(input: ScreenedInput): ScreenVerdict | Promise<ScreenVerdict>;
}
