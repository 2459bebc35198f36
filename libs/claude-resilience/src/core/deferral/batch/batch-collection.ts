import type { ClaimedRequest } from '../request-store.port.js';
import type { BatchItem } from './batch-record.js';
import type { ResolvedBatchOptions } from './batch.options.js';

/** Requests on their way into one batch. Holds nothing of what they ask. */
export class BatchCollection {
  #items: BatchItem[] = [];
  #bytes = 0;

  constructor(private readonly options: Pick<ResolvedBatchOptions, 'maxRequests' | 'maxBytes'>) {}

  get size(): number {
    return this.#items.length;
  }

  get isFull(): boolean {
    return this.#items.length >= this.options.maxRequests || this.#bytes >= this.options.maxBytes;
  }

  /** Whether one more would be too much for this batch; the first one never is. */
  hasRoomFor(bytes: number): boolean {
    return this.#items.length === 0 || (!this.isFull && this.#bytes + bytes <= this.options.maxBytes);
  }

  add({ id: requestId, state }: ClaimedRequest, customId: string, bytes: number): BatchItem {
    const item = { customId, requestId, fencingNumber: state.fencingNumber };
    this.#items.push(item);
    this.#bytes += bytes;
    return item;
  }

  /** All of them; it is empty then. */
  take(): readonly BatchItem[] {
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    return items;
  }
}

/** @returns bytes of a text in UTF-8 */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
