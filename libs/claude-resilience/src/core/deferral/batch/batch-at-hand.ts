import { diagnoseFailure } from '../../failure/diagnose-failure.js';
import type { FailureFacts } from '../../failure/failure-facts.js';
import { askWithin } from './ask-within.js';
import { BatchItems } from './batch-items.js';
import { pollAfterMs, redoAfterMs } from './batch-pace.js';
import { sentAtMsOf, type BatchItem, type BatchRecord } from './batch-record.js';
import type { SharedBatchTools } from './batch-tools.js';

/** When to go on, in milliseconds from now; or that this batch is over. */
export type Next = number | 'over';

/** Leases of what is in a batch outlast it: a batch is over after 24 hours. In milliseconds. */
export const BATCH_LEASE_MS = 26 * 3_600_000;
/** What cannot be sent for so long goes back into the queue, in milliseconds. */
const GIVE_UP_SENDING_MS = 3_600_000;
const ASK_WITHIN_MS = 60_000;

/** One batch of this process: its record, the leases of its requests, and how often something failed. */
export class BatchAtHand {
  readonly items: BatchItems;
  /** Ends waiting and looking. */
  readonly off = new AbortController();
  /** Ends sending and handlers, which were given some time. */
  readonly hard = new AbortController();
  /** Requests that nobody has cancelled or taken up. */
  open: ReadonlySet<string>;
  /** In a row. */
  failures = 0;
  #polls = 0;

  /** @param isKept whether the ledger has the record as it is */
  constructor(
    public record: BatchRecord,
    readonly tools: SharedBatchTools,
    private isKept: boolean,
  ) {
    this.items = new BatchItems(tools.store);
    this.open = new Set(record.items.map(({ requestId }) => requestId));
    if (record.state.name === 'sent') tools.knownIds.add(record.state.batchId);
  }

  get isOff(): boolean {
    return this.off.signal.aborted;
  }

  /** Whether nobody will hear of it any more, by all that is known. */
  get isTooOld(): boolean {
    const nowMs = this.tools.clock.wallMs();
    const sentAtMs = sentAtMsOf(this.record);
    if (sentAtMs === undefined) return nowMs - this.record.createdAtMs > GIVE_UP_SENDING_MS;
    return nowMs - sentAtMs > BATCH_LEASE_MS;
  }

  /** Makes the leases longer, so that nobody else takes up what is in the batch. @throws {ClaudeRequestStoreError} */
  async hold(): Promise<void> {
    const held = await this.items.hold(this.record.items, BATCH_LEASE_MS, this.tools.clock.wallMs());
    this.open = new Set(held.map(({ requestId }) => requestId));
  }

  /** @throws {ClaudeRequestStoreError} nothing has changed then */
  async keep(record: BatchRecord): Promise<void> {
    await this.tools.ledger.put(record);
    this.record = record;
    this.isKept = true;
  }

  /** What the ledger could not be told before. @throws {ClaudeRequestStoreError} */
  async keepUp(): Promise<void> {
    if (!this.isKept) await this.keep(this.record);
  }

  /** @param isFound whether it had been sent before, and nobody learnt of it @throws {ClaudeRequestStoreError} */
  async wasSent(batchId: string, sentAtMs: number, isFound: boolean): Promise<Next> {
    const { knownIds, hooks } = this.tools;
    knownIds.add(batchId);
    // Before the ledger has it, so that a full disk does not make us forget it.
    this.record = { ...this.record, state: { name: 'sent', sentAtMs, batchId } };
    this.isKept = false;
    this.failures = 0;
    this.#polls = 0;
    hooks.tell({ type: 'batch.submitted', batchId, requests: this.record.items.length, isFound });
    await this.keepUp();
    return isFound ? 0 : this.nextPoll();
  }

  nextPoll(): Next {
    return pollAfterMs(this.#polls++, this.tools.options.pollMs);
  }

  /** @param retryAfterMs what the API asked to wait */
  redo(retryAfterMs?: number): Next {
    return redoAfterMs(++this.failures, retryAfterMs);
  }

  failed(facts: FailureFacts): Next {
    if (this.isOff) return 'over';
    return this.redo(diagnoseFailure(facts, this.tools.clock.wallMs()).retryAfterMs);
  }

  ask<T>(ask: Parameters<typeof askWithin<T>>[3], withinMs = ASK_WITHIN_MS) {
    return askWithin(this.tools.clock, withinMs, this.off.signal, ask);
  }

  /** They go back into the queue, and alone from then on; what is not among them is settled. */
  async giveUp(items: readonly BatchItem[]): Promise<Next> {
    for (const { requestId } of items) this.tools.returned.add(requestId);
    return this.handBack(items);
  }

  async handBack(items: readonly BatchItem[]): Promise<Next> {
    await this.items.release(items, this.tools.clock.wallMs());
    return this.forget();
  }

  async forget(): Promise<Next> {
    await this.tools.ledger.remove(this.record.id);
    return 'over';
  }
}
