/** Replaces the Start tier's numbers, for every model class alike; what is left out stays as published. */
export interface LimitOptions {
  /** Requests refilled a minute; integer, 1 or more. */
  readonly requestsPerMinute?: number;
  /** Requests that may come at once; integer, 1 or more. @default requestsPerMinute */
  readonly burst?: number;
  /** Prompt tokens refilled a minute; integer, 1 or more. */
  readonly inputTokensPerMinute?: number;
  /** Answer tokens refilled a minute; integer, 1 or more. */
  readonly outputTokensPerMinute?: number;
}
