import type { BucketSnapshot } from '../../core/pacing/bucket-snapshot.js';
import type { BucketStatus, LimitsStatus, LimitStatus } from '../../core/status/limits-status.js';

const NAMES = [
  ['requests', 'requests'],
  ['tokens', 'tokens'],
  ['inputTokens', 'input tokens'],
  ['outputTokens', 'output tokens'],
] as const;

/** @param snapshots `undefined`: nobody paces @param nowMs by `Clock.nowMs` */
export function describeLimits(snapshots: readonly BucketSnapshot[] | undefined, nowMs: number): LimitsStatus {
  return { isPaced: snapshots !== undefined, buckets: (snapshots ?? []).map((one) => bucketOf(one, nowMs)) };
}

function bucketOf(snapshot: BucketSnapshot, nowMs: number): BucketStatus {
  const { bucket, pool, limits, underWay, waiting, pausedUntilMs, learntConcurrency } = snapshot;
  return {
    bucket,
    pool,
    limits: NAMES.flatMap(([key, what]): LimitStatus[] => {
      const limit = limits[key];
      return limit === undefined ? [] : [{ what, limit: limit.limit, remaining: Math.max(0, limit.remaining) }];
    }),
    underWay,
    waiting: Object.values(waiting).reduce((sum, count) => sum + count, 0),
    ...(pausedUntilMs !== undefined && { pausedForMs: Math.max(0, pausedUntilMs - nowMs) }),
    ...(learntConcurrency !== undefined && { learntConcurrency }),
  };
}
