/** The rate limits, as answers of the API tell them. */
export interface LimitsStatus {
  /** Whether attempts are paced by them. */
  readonly isPaced: boolean;
  readonly buckets: readonly BucketStatus[];
}

/** What one credential may ask one class of models. */
export interface BucketStatus {
  readonly bucket: string;
  readonly pool: 'standard' | 'fast';
  readonly limits: readonly LimitStatus[];
  readonly underWay: number;
  /** Attempts that wait for their turn, deferred ones included. */
  readonly waiting: number;
  /** Milliseconds for which nobody goes, since the API said so. */
  readonly pausedForMs?: number;
  /** Set when 429s without headers taught it. */
  readonly learntConcurrency?: number;
}

export interface LimitStatus {
  readonly what: 'requests' | 'tokens' | 'input tokens' | 'output tokens';
  /** A minute. */
  readonly limit: number;
  /** What may be taken now, by our estimate; not below 0. */
  readonly remaining: number;
}
