import type { CallPriority } from '../call.js';
import type { BucketPacer } from './bucket-pacer.js';
import type { LimitBucket } from './limit-bucket.js';
import { laneOf } from './next-in-line.js';
import type { SpeedPool } from './turn.js';
import type { WaitingRoom } from './waiting-room.js';

export interface LimitSnapshot {
  /** Units a minute, as the API says. */
  readonly limit: number;
  /** Our estimate of what we may take now; negative while more was taken than there is. */
  readonly remaining: number;
}

/** One bucket as it is now; for health, metrics and people. Times are those of `Clock.nowMs`. */
export interface BucketSnapshot {
  readonly bucket: string;
  readonly pool: SpeedPool;
  /** Those limits that the API has named. */
  readonly limits: {
    readonly requests?: LimitSnapshot;
    readonly tokens?: LimitSnapshot;
    readonly inputTokens?: LimitSnapshot;
    readonly outputTokens?: LimitSnapshot;
  };
  readonly underWay: number;
  /** Fresh attempts that wait, by priority, and deferred ones. */
  readonly waiting: Readonly<Record<CallPriority | 'deferred', number>>;
  /** Set while nobody may go. */
  readonly pausedUntilMs?: number;
  /** Set when 429s without headers taught it. */
  readonly learntConcurrency?: number;
  /** Admissions a second that the way back from an outage allows; set while it lasts. */
  readonly rampPerSecond?: number;
  /** Interactive attempts a second (fresh, urgent or normal) that asked, over the last five seconds. */
  readonly arrivalsPerSecond: number;
  readonly admissionsPerSecond: number;
}

export function snapshotOf(
  name: { readonly bucket: string; readonly pool: SpeedPool },
  pacer: BucketPacer,
  room: WaitingRoom,
  arrivalsPerSecond: number,
  nowMs: number,
): BucketSnapshot {
  const { limiters, pause, concurrency, recovery } = pacer;
  const limits = {
    ...(limiters.requests.limit !== undefined && { requests: limitOf(limiters.requests, nowMs) }),
    ...(limiters.tokens.limit !== undefined && { tokens: limitOf(limiters.tokens, nowMs) }),
    ...(limiters.input.limit !== undefined && { inputTokens: limitOf(limiters.input, nowMs) }),
    ...(limiters.output.limit !== undefined && { outputTokens: limitOf(limiters.output, nowMs) }),
  };
  const [urgent, normal, background] = (['urgent', 'normal', 'background'] as const).map((priority) =>
    room.sizeOf(laneOf(priority, false)),
  ) as [number, number, number];
  return {
    bucket: name.bucket,
    pool: name.pool,
    limits,
    underWay: pacer.underWay,
    waiting: { urgent, normal, background, deferred: room.size - urgent - normal - background },
    ...(pause.untilMs > nowMs && { pausedUntilMs: pause.untilMs }),
    ...(concurrency.learnt !== undefined && { learntConcurrency: concurrency.learnt }),
    ...(recovery.perMs !== undefined && { rampPerSecond: recovery.perMs * 1000 }),
    arrivalsPerSecond,
    admissionsPerSecond: pacer.admissionsPerSecond(nowMs),
  };
}

function limitOf(bucket: LimitBucket, nowMs: number): LimitSnapshot {
  return { limit: bucket.limit ?? 0, remaining: bucket.leftAt(nowMs) ?? 0 };
}
