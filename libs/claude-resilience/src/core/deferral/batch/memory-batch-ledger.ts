import { BatchLedger } from './batch-ledger.port.js';
import type { BatchRecord } from './batch-record.js';

/** In memory, beside a store in memory: nothing of it survives the process, and a batch is paid for in vain then. */
export class MemoryBatchLedger extends BatchLedger {
  readonly #records = new Map<string, BatchRecord>();

  async put(record: BatchRecord): Promise<void> {
    this.#records.set(record.id, copyOf(record));
  }

  async all(): Promise<readonly BatchRecord[]> {
    return [...this.#records.values()].sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  async remove(id: string): Promise<void> {
    this.#records.delete(id);
  }
}

const copyOf = (record: BatchRecord): BatchRecord => JSON.parse(JSON.stringify(record)) as BatchRecord;
