import type { ModelClass } from '../models/model.js';

/** What one model class may use in a minute. */
export interface ClassLimits {
  readonly requestsPerMinute: number;
  readonly inputTokensPerMinute: number;
  readonly outputTokensPerMinute: number;
}

const LARGE: ClassLimits = { requestsPerMinute: 1_000, inputTokensPerMinute: 500_000, outputTokensPerMinute: 100_000 };
const OTHER: ClassLimits = {
  requestsPerMinute: 1_000,
  inputTokensPerMinute: 2_000_000,
  outputTokensPerMinute: 400_000,
};

/** The Start tier as published on 2026-09-02; classes without a published row take the numbers of Opus 5. */
export const START_TIER: Readonly<Record<ModelClass, ClassLimits>> = {
  'fable-5': LARGE,
  'mythos-5': LARGE,
  'opus-5-5': OTHER,
  'opus-5': OTHER,
  'opus-4': OTHER,
  'sonnet-5-5': OTHER,
  'sonnet-5': OTHER,
  'sonnet-4': OTHER,
  'haiku-5-5': OTHER,
  'haiku-4-5': OTHER,
};

/** Endpoints with a bucket of their own, for requests only; of batches, every request to the endpoints counts. */
export const ENDPOINT_REQUESTS_PER_MINUTE = { 'count-tokens': 2_000, batches: 1_000 } as const;
