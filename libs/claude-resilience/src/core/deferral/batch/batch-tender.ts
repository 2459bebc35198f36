import { wait } from '../../wait.js';
import type { BreakOff } from '../run-request.js';
import { BatchAtHand, type Next } from './batch-at-hand.js';
import { redoAfterMs } from './batch-pace.js';
import type { BatchRecord, BatchState } from './batch-record.js';
import type { SharedBatchTools } from './batch-tools.js';
import { BatchWatch } from './batch-watch.js';
import { examineSuspects, findBatch } from './find-batch.js';
import { SETTLED_AFTER_MS, sendBatch } from './send-batch.js';

/** Takes one batch from its record to the last of its results (R12), whatever fails in between. */
export class BatchTender {
  readonly #batch: BatchAtHand;
  readonly #watch: BatchWatch;

  /** @param isKept whether the ledger has the record as it is */
  constructor(record: BatchRecord, tools: SharedBatchTools, isKept: boolean) {
    this.#batch = new BatchAtHand(record, tools, isKept);
    this.#watch = new BatchWatch(this.#batch);
  }

  get requests(): number {
    return this.#batch.record.items.length;
  }

  get stateName(): BatchState['name'] {
    return this.#batch.record.state.name;
  }

  /** Whether the API does not take it at present. */
  get isStuck(): boolean {
    return this.stateName === 'prepared' && this.#batch.failures > 0;
  }

  /** Makes the leases longer, so that nobody else takes up what is in the batch. @throws {ClaudeRequestStoreError} */
  hold(): Promise<void> {
    return this.#batch.hold();
  }

  /** Resolves when the batch is over, or it was stopped. Never rejects. */
  async run(): Promise<void> {
    const batch = this.#batch;
    await this.#untilOver();
    if (this.stateName !== 'prepared') return;
    // It never left: others may have its requests. Where the store cannot be told, the next process sends it.
    await batch.handBack(batch.record.items).catch(() => {});
  }

  /** It was cancelled in the store. */
  cancelled(requestId: string): void {
    const { open } = this.#batch;
    if (!open.has(requestId)) return;
    this.#batch.open = new Set([...open].filter((id) => id !== requestId));
    this.#watch.cancelled(requestId);
  }

  /** Begins nothing more. */
  stop(): void {
    this.#batch.off.abort();
  }

  /** Ends what is under way: handlers are handed back, and what is being sent is looked for at the next start. */
  breakOff(): void {
    this.#batch.hard.abort('handed_back' satisfies BreakOff);
  }

  async #untilOver(): Promise<void> {
    const { off, tools } = this.#batch;
    const { clock, trouble } = tools;
    // Somebody who is dead was sending it: it may still be on its way.
    let next: Next = this.stateName === 'sending' ? SETTLED_AFTER_MS : 0;
    let troubles = 0;
    while (next !== 'over' && !off.signal.aborted) {
      if (next > 0 && !(await wait(clock, next, off.signal))) break;
      try {
        next = await this.#step();
        trouble.well(this);
        troubles = 0;
      } catch (error) {
        trouble.bad(this, error);
        next = redoAfterMs(++troubles);
      }
    }
    trouble.well(this);
  }

  /** Whatever is still to be had is looked for once more before it is given up: nobody may have been there for days. */
  async #step(): Promise<Next> {
    const batch = this.#batch;
    await batch.keepUp();
    const next = await this.#go();
    const isWaiting = next !== 'over' && next > 0;
    return isWaiting && !batch.isOff && batch.isTooOld ? this.#watch.lost() : next;
  }

  #go(): Promise<Next> {
    const { state } = this.#batch.record;
    switch (state.name) {
      case 'prepared':
        return sendBatch(this.#batch);
      case 'sending':
        return findBatch(this.#batch, state.sentAtMs);
      case 'suspected':
        return examineSuspects(this.#batch, state.batchIds, state.sentAtMs);
      case 'sent':
        return this.#watch.look(state.batchId, state.sentAtMs);
      default:
        return state satisfies never;
    }
  }
}
