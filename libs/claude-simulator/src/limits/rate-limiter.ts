import type { ModelClass } from '../models/model.js';
import type { Buckets } from './buckets.js';
import type { LimitOptions } from './limit.options.js';
import { type RateLimitHeaders, rateLimitHeaders } from './rate-limit-headers.js';
import { ENDPOINT_REQUESTS_PER_MINUTE, START_TIER } from './start-tier.js';
import { TokenBucket } from './token-bucket.js';

export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly limit: string; readonly retryAfterSeconds: number };

/** Whose buckets: those of a model class, or the one of an endpoint that has its own. */
export type LimitedBy = ModelClass | keyof typeof ENDPOINT_REQUESTS_PER_MINUTE;

/** The rate limits of one organisation: a set of buckets for each model class, and one for some endpoints. */
export class RateLimiter {
  private readonly bucketsOf = new Map<LimitedBy, Buckets>();

  constructor(
    private readonly options: LimitOptions,
    private readonly startedAtMs: number,
  ) {}

  /** Takes one request and its prompt tokens, or nothing at all. Answer tokens only have to be out of debt. */
  admit(who: LimitedBy, inputTokens: number, nowMs: number): Admission {
    const { requests, inputTokens: input, outputTokens: output } = this.buckets(who);
    if (!requests.holds(1, nowMs)) return refusal('requests', requests, 1, nowMs);
    if (input?.holds(inputTokens, nowMs) === false) return refusal('input tokens', input, inputTokens, nowMs);
    if (output?.holds(1, nowMs) === false) return refusal('output tokens', output, 1, nowMs);
    requests.take(1, nowMs);
    input?.take(inputTokens, nowMs);
    return { admitted: true };
  }

  /** Answer tokens are charged as produced; `max_tokens` never counts. */
  chargeOutput(who: ModelClass, outputTokens: number, nowMs: number): void {
    this.buckets(who).outputTokens?.take(outputTokens, nowMs);
  }

  headers(who: LimitedBy, nowMs: number): RateLimitHeaders {
    return rateLimitHeaders(this.buckets(who), nowMs);
  }

  private buckets(who: LimitedBy): Buckets {
    const known = this.bucketsOf.get(who);
    if (known !== undefined) return known;
    const created = isEndpoint(who) ? this.endpointBuckets(who) : this.classBuckets(who);
    this.bucketsOf.set(who, created);
    return created;
  }

  private endpointBuckets(who: keyof typeof ENDPOINT_REQUESTS_PER_MINUTE): Buckets {
    const perMinute = ENDPOINT_REQUESTS_PER_MINUTE[who];
    return { requests: new TokenBucket(perMinute, perMinute, this.startedAtMs) };
  }

  private classBuckets(modelClass: ModelClass): Buckets {
    const tier = START_TIER[modelClass];
    const requestsPerMinute = this.options.requestsPerMinute ?? tier.requestsPerMinute;
    const burst = this.options.burst ?? requestsPerMinute;
    const inputTokensPerMinute = this.options.inputTokensPerMinute ?? tier.inputTokensPerMinute;
    const outputTokensPerMinute = this.options.outputTokensPerMinute ?? tier.outputTokensPerMinute;
    return {
      requests: new TokenBucket(requestsPerMinute, burst, this.startedAtMs),
      inputTokens: new TokenBucket(inputTokensPerMinute, inputTokensPerMinute, this.startedAtMs),
      outputTokens: new TokenBucket(outputTokensPerMinute, outputTokensPerMinute, this.startedAtMs),
    };
  }
}

function isEndpoint(who: LimitedBy): who is keyof typeof ENDPOINT_REQUESTS_PER_MINUTE {
  return who in ENDPOINT_REQUESTS_PER_MINUTE;
}

function refusal(what: string, bucket: TokenBucket, units: number, nowMs: number): Admission {
  const retryAfterSeconds = Math.max(1, Math.ceil(bucket.waitMs(units, nowMs) / 1_000));
  return {
    admitted: false,
    limit: `${bucket.perMinute.toLocaleString('en-US')} ${what} per minute`,
    retryAfterSeconds,
  };
}
