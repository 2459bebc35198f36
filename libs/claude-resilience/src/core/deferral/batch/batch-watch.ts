import { diagnoseFailure } from '../../failure/diagnose-failure.js';
import type { FailureFacts } from '../../failure/failure-facts.js';
import type { BreakOff } from '../run-request.js';
import type { BatchAtHand, Next } from './batch-at-hand.js';
import { redoAfterMs } from './batch-pace.js';
import { BatchSettler } from './batch-settler.js';

/** Tries at results in which some are missing, and at a batch that is said not to exist. */
const MOST_TRIES = 5;

const TOO_LATE: FailureFacts = { from: 'timeout', limit: 'deadline', isHurried: true };

/** Looks at a batch that the API has until it has ended, and brings its results home. */
export class BatchWatch {
  readonly #cancels = new Map<string, AbortController>();
  #tries = 0;
  #settler: BatchSettler | undefined;

  constructor(private readonly batch: BatchAtHand) {}

  /** Ends the handler that is at work on it. */
  cancelled(requestId: string): void {
    this.#cancels.get(requestId)?.abort('cancelled' satisfies BreakOff);
  }

  /** @throws {ClaudeRequestStoreError} */
  async look(batchId: string, sentAtMs: number): Promise<Next> {
    const { batch } = this;
    const { transport } = batch.tools;
    const told = await batch.ask((limits) => transport.look(batchId, limits));
    if (!told.ok) {
      const isGone = told.facts.from === 'response' && told.facts.status === 404;
      return isGone && ++this.#tries >= MOST_TRIES ? this.lost() : batch.failed(told.facts);
    }
    batch.failures = 0;
    if (told.value.status === 'ended') return this.#settle(batchId, sentAtMs);
    // What it did until then has to be paid for, so its end is waited for all the same.
    if (batch.open.size === 0 && told.value.status === 'in_progress') {
      await batch.ask((limits) => transport.cancel(batchId, limits));
    }
    return batch.nextPoll();
  }

  /** Nothing will be heard of it any more. @throws {ClaudeRequestStoreError} */
  async lost(): Promise<Next> {
    const { record, tools } = this.batch;
    const requests = record.items.length;
    await this.batch.giveUp(record.items);
    if (record.state.name !== 'sent') {
      const failure = diagnoseFailure(TOO_LATE, tools.clock.wallMs());
      tools.hooks.tell({ type: 'batch.not_submitted', requests, failure, next: 'one_by_one' });
      return 'over';
    }
    const { batchId, sentAtMs } = record.state;
    const none = { answered: 0, failed: 0, canceled: 0, expired: 0, missing: requests };
    tools.hooks.tell({ type: 'batch.ended', batchId, requests, ...none, tookMs: tools.clock.wallMs() - sentAtMs });
    return 'over';
  }

  async #settle(batchId: string, sentAtMs: number): Promise<Next> {
    const { batch } = this;
    const { clock, hooks } = batch.tools;
    const settler = (this.#settler ??= new BatchSettler(batchId, batch.tools));
    const reading = await settler.read(batch.record.items, batch.off.signal, batch.hard.signal);
    if (batch.isOff) return 'over';
    if (reading.name === 'broken') return batch.redo(reading.failure.retryAfterMs);
    const { missing, counts } = reading;
    if (missing.length > 0 && ++this.#tries < MOST_TRIES) return redoAfterMs(this.#tries);
    await settler.finish(
      (requestId) => this.#offOf(requestId),
      () => batch.isOff,
    );
    if (batch.isOff) return 'over';
    await batch.giveUp(missing);
    const requests = batch.record.items.length;
    const tookMs = clock.wallMs() - sentAtMs;
    hooks.tell({ type: 'batch.ended', batchId, requests, ...counts, missing: missing.length, tookMs });
    return 'over';
  }

  #offOf(requestId: string): AbortSignal {
    const cancel = new AbortController();
    this.#cancels.set(requestId, cancel);
    return AbortSignal.any([cancel.signal, this.batch.hard.signal]);
  }
}
