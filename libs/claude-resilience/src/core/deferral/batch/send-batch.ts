import { askWithin } from './ask-within.js';
import type { BatchAtHand, Next } from './batch-at-hand.js';
import { judgeSubmission } from './judge-submission.js';
import { writeLetters } from './write-letters.js';

/** Uploading may take so long, in milliseconds. */
export const SUBMIT_WITHIN_MS = 300_000;
/** A batch whose sending broke off is there by then, or will not be, in milliseconds. */
export const SETTLED_AFTER_MS = 60_000;

/** Sends what is prepared, once; that it is about to is in the ledger before. @throws {ClaudeRequestStoreError} */
export async function sendBatch(batch: BatchAtHand): Promise<Next> {
  const { tools } = batch;
  const { clock, transport, hooks } = tools;
  await batch.hold();
  if (hooks.isAccountStopped()) return batch.redo();
  const open = batch.record.items.filter(({ requestId }) => batch.open.has(requestId));
  const { letters, items } = await writeLetters(open, tools, batch.off.signal);
  if (batch.isOff) return 'over';
  if (items.length === 0) return batch.forget();
  const sentAtMs = clock.wallMs();
  await batch.keep({ ...batch.record, items, state: { name: 'sending', sentAtMs } });
  const told = await askWithin(clock, SUBMIT_WITHIN_MS, batch.hard.signal, (limits) =>
    transport.submit(letters, limits),
  );
  if (told.ok) return batch.wasSent(told.value.batchId, sentAtMs, false);
  const { next, failure } = judgeSubmission(told.facts, clock.wallMs());
  hooks.tell({ type: 'batch.not_submitted', requests: items.length, failure, next });
  if (next === 'find') return SETTLED_AFTER_MS;
  await batch.keep({ ...batch.record, state: { name: 'prepared' } });
  return next === 'one_by_one' ? batch.giveUp(items) : batch.redo(failure.retryAfterMs);
}
