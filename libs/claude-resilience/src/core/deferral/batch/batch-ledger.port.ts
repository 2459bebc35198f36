import type { BatchRecord } from './batch-record.js';

/**
 * Keeps what was handed to the Batches API, and what was about to be (R12): creation knows no idempotency key, so this is
 * what tells a batch that was sent from one that was not. Whatever a promise of it has said is so for good. Every method
 * throws `ClaudeRequestStoreError` when the ledger is in trouble; nothing was changed then.
 *
 * One conformance suite runs over every ledger: `testing/batch-ledger.conformance.ts`.
 */
export abstract class BatchLedger {
  /** Keeps a record, or what has become of it. */
  abstract put(record: BatchRecord): Promise<void>;

  /** All that were not removed, the oldest first. */
  abstract all(): Promise<readonly BatchRecord[]>;

  /** Said twice, or of one that never was, it changes nothing. */
  abstract remove(id: string): Promise<void>;
}
