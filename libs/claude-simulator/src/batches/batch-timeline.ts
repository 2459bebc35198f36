/** The dates of a batch, in milliseconds since the epoch; durations in milliseconds. */
export interface BatchTimeline {
  readonly createdAtMs: number;
  readonly durationMs: number;
  readonly expiresAtMs: number;
  /** When it was cancelled; null if it was not. */
  readonly cancelledAtMs: number | null;
  readonly cancelMs: number;
}

export type ProcessingStatus = 'in_progress' | 'canceling' | 'ended';

/** What time makes of an item; `processed` may still have gone well or not. */
export type Fate = 'processed' | 'canceled' | 'expired';

/** All items processed, time up, or the cancellation through: whichever comes first. */
export function endsAtMs(timeline: BatchTimeline): number {
  const { createdAtMs, durationMs, expiresAtMs, cancelledAtMs, cancelMs } = timeline;
  const cancelledBy = cancelledAtMs === null ? Infinity : cancelledAtMs + cancelMs;
  return Math.min(createdAtMs + durationMs, expiresAtMs, cancelledBy);
}

export function statusAt(timeline: BatchTimeline, nowMs: number): ProcessingStatus {
  if (nowMs >= endsAtMs(timeline)) return 'ended';
  return timeline.cancelledAtMs === null ? 'in_progress' : 'canceling';
}

/** @param position of the item among the `count` items of the batch, from 0 */
export function fateOf(timeline: BatchTimeline, position: number, count: number): Fate {
  const { createdAtMs, durationMs, expiresAtMs, cancelledAtMs } = timeline;
  const dueAtMs = createdAtMs + (durationMs * (position + 1)) / count;
  if (cancelledAtMs !== null && dueAtMs > cancelledAtMs) return 'canceled';
  return dueAtMs > expiresAtMs ? 'expired' : 'processed';
}
