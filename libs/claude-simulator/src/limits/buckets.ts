import type { TokenBucket } from './token-bucket.js';

/** The buckets a request draws from; counting tokens has no token buckets. */
export interface Buckets {
  readonly requests: TokenBucket;
  readonly inputTokens?: TokenBucket;
  readonly outputTokens?: TokenBucket;
}
