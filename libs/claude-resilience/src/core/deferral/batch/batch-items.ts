import type { DeferredRequest } from '../deferred-request.js';
import { isLoss } from '../is-loss.js';
import type { ClaimedRequest, RequestStore } from '../request-store.port.js';
import type { BatchItem } from './batch-record.js';
import { sideBySide } from './side-by-side.js';

/** Requests that the store is asked about together: they share its transaction. */
const AT_ONCE = 100;

/**
 * What the store has of the requests of one batch, under the leases they were taken with. Asking about one that is not
 * ours any more is no error; trouble of the store is (`ClaudeRequestStoreError`).
 */
export class BatchItems {
  constructor(private readonly store: RequestStore) {}

  /** Makes all leases longer. @returns those that are still ours */
  async hold(items: readonly BatchItem[], leaseMs: number, nowMs: number): Promise<readonly BatchItem[]> {
    const held = await sideBySide(items, AT_ONCE, async (item) => {
      const isOurs = await this.#said(() => this.store.renew(leaseOf(item), leaseMs, nowMs));
      return isOurs ? item : undefined;
    });
    return held.filter((item) => item !== undefined);
  }

  /** Puts them back into the queue, as if they had not been started. */
  async release(items: readonly BatchItem[], nowMs: number): Promise<void> {
    await sideBySide(items, AT_ONCE, (item) => this.#said(() => this.store.release(leaseOf(item), nowMs)));
  }

  /** @returns the request, also when it is not ours any more; `undefined` when it is gone or cannot be read */
  async find({ requestId }: BatchItem): Promise<DeferredRequest | undefined> {
    let found: DeferredRequest | undefined;
    await this.#said(async () => {
      found = await this.store.get(requestId);
    });
    return found;
  }

  /** @returns whether it could be said: nobody else has it */
  async storeAnswer(item: BatchItem, answerJson: string): Promise<boolean> {
    return this.#said(() => this.store.storeAnswer(leaseOf(item), answerJson));
  }

  async #said(say: () => Promise<unknown>): Promise<boolean> {
    try {
      await say();
      return true;
    } catch (error) {
      if (isLoss(error)) return false;
      throw error;
    }
  }
}

/** The request, if it is still held under the claim it was taken with. */
export function oursIn(found: DeferredRequest | undefined, { fencingNumber }: BatchItem): ClaimedRequest | undefined {
  const state = found?.state;
  if (found === undefined || state?.name !== 'running' || state.fencingNumber !== fencingNumber) return undefined;
  return { ...found, state };
}

const leaseOf = ({ requestId: id, fencingNumber }: BatchItem) => ({ id, fencingNumber });
