import type { BatchAtHand, Next } from './batch-at-hand.js';
import type { BatchState } from './batch-record.js';
import { findSuspects } from './find-suspects.js';
import { recogniseBatch } from './recognise-batch.js';
import { SUBMIT_WITHIN_MS } from './send-batch.js';

/**
 * Nobody knows whether it arrived: it is sent again only if nothing is there that could be it.
 *
 * @throws {ClaudeRequestStoreError}
 */
export async function findBatch(batch: BatchAtHand, sentAtMs: number): Promise<Next> {
  const { transport, knownIds } = batch.tools;
  const told = await batch.ask((limits) => transport.recent(sentAtMs - SUBMIT_WITHIN_MS, limits));
  if (!told.ok) return batch.failed(told.facts);
  batch.failures = 0;
  const requests = batch.record.items.length;
  return suspect(
    batch,
    findSuspects(told.value, { sentAtMs, withinMs: SUBMIT_WITHIN_MS, requests, knownIds }),
    sentAtMs,
  );
}

/** Only results tell whose a batch is: by the ids of its items. @throws {ClaudeRequestStoreError} */
export async function examineSuspects(
  batch: BatchAtHand,
  batchIds: readonly string[],
  sentAtMs: number,
): Promise<Next> {
  const customIds = new Set(batch.record.items.map(({ customId }) => customId));
  const left: string[] = [];
  for (const batchId of batchIds) {
    const answer = await recogniseBatch(batchId, customIds, batch.tools.transport, (ask, withinMs) =>
      batch.ask(ask, withinMs),
    );
    if (answer === 'ours') return batch.wasSent(batchId, sentAtMs, true);
    if (answer === 'unknown') left.push(batchId);
  }
  if (batch.isOff) return 'over';
  return left.length === batchIds.length ? batch.nextPoll() : suspect(batch, left, sentAtMs);
}

async function suspect(batch: BatchAtHand, batchIds: readonly string[], sentAtMs: number): Promise<Next> {
  const isThere = batchIds.length > 0;
  const state: BatchState = isThere ? { name: 'suspected', sentAtMs, batchIds } : { name: 'prepared' };
  await batch.keep({ ...batch.record, state });
  return isThere ? batch.nextPoll() : 0;
}
