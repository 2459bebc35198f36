import type { BatchSight } from './batch-transport.port.js';

/** The API's clock and ours may differ by so much, in milliseconds. */
export const CLOCK_DIFFERENCE_MS = 5 * 60_000;

export interface Missed {
  readonly sentAtMs: number;
  /** How long it may have been on its way, in milliseconds. */
  readonly withinMs: number;
  readonly requests: number;
  /** Batches that are known to be others. */
  readonly knownIds: { has(batchId: string): boolean };
}

/**
 * Which batches may be the one whose sending nobody saw the end of: created about then, with as many requests, and known to
 * nobody. That is all the API shows before the end.
 */
export function findSuspects(
  sights: readonly BatchSight[],
  { sentAtMs, withinMs, requests, knownIds }: Missed,
): readonly string[] {
  const fromMs = sentAtMs - CLOCK_DIFFERENCE_MS;
  const toMs = sentAtMs + withinMs + CLOCK_DIFFERENCE_MS;
  return sights
    .filter((sight) => sight.requests === requests && !knownIds.has(sight.batchId))
    .filter(({ createdAtMs }) => createdAtMs === undefined || (createdAtMs >= fromMs && createdAtMs <= toMs))
    .map(({ batchId }) => batchId);
}
