import type { Batch } from './batch.js';
import { endsAtMs } from './batch-timeline.js';
import type { ItemResult, ResultLine } from './item-result.js';

/** Results can be had for so long after the creation of a batch; in milliseconds. */
const KEPT_MS = 29 * 24 * 60 * 60 * 1_000;

/** Whether the results are gone: the batch itself can still be seen. */
export function isArchived({ timeline }: Batch, nowMs: number): boolean {
  return nowMs >= timeline.createdAtMs + KEPT_MS;
}

/**
 * A batch as the API shows it.
 * @param lines its results if it has ended, else null: no count but `processing` moves before the end of all
 * @param url of the batch itself, absolute
 */
export function describeBatch(batch: Batch, lines: readonly ResultLine[] | null, nowMs: number, url: string) {
  const { createdAtMs, expiresAtMs, cancelledAtMs } = batch.timeline;
  const archived = isArchived(batch, nowMs);
  const running = cancelledAtMs === null ? 'in_progress' : 'canceling';
  return {
    id: batch.id,
    type: 'message_batch',
    processing_status: lines === null ? running : 'ended',
    request_counts: countsOf(batch.size, lines),
    ended_at: lines === null ? null : rfc3339(endsAtMs(batch.timeline)),
    created_at: rfc3339(createdAtMs),
    expires_at: rfc3339(expiresAtMs),
    cancel_initiated_at: cancelledAtMs === null ? null : rfc3339(cancelledAtMs),
    archived_at: archived ? rfc3339(createdAtMs + KEPT_MS) : null,
    results_url: lines === null || archived ? null : `${url}/results`,
  } as const;
}

function countsOf(size: number, lines: readonly ResultLine[] | null) {
  const count = (type: ItemResult['type']): number => (lines ?? []).filter(({ result }) => result.type === type).length;
  return {
    processing: lines === null ? size : 0,
    succeeded: count('succeeded'),
    errored: count('errored'),
    canceled: count('canceled'),
    expired: count('expired'),
  };
}

/** Unlike the times in rate-limit headers, those of batches have fractions. */
function rfc3339(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
