import { MemoryRequestStore } from '../core/deferral/memory-request-store.js';
import type { CorruptRequest, RequestStore } from '../core/deferral/request-store.port.js';
import type { SqliteFile } from '../sqlite/sqlite-file.js';
import type { ResolvedQueueOptions } from './queue.options.js';

/** Something about the store that somebody should look at. */
export interface StoreWarning {
  readonly code: string;
  /** In our words. */
  readonly explanation: string;
}

export interface OpenedStore {
  readonly store: RequestStore;
  /** For whoever else has something to keep; closed after the store. */
  readonly file: SqliteFile | undefined;
}

/** Opens what keeps deferred requests. Adapters are loaded when they are used. @throws {ClaudeRequestStoreError} */
export async function openRequestStore(
  keep: ResolvedQueueOptions['keep'],
  onWarning: (warning: StoreWarning) => void,
): Promise<OpenedStore> {
  const onCorrupt = ({ problem }: CorruptRequest) => onWarning({ code: 'request_set_aside', explanation: problem });
  switch (keep.driver) {
    case 'own':
      return { store: keep.store, file: undefined };
    case 'memory':
      return { store: new MemoryRequestStore(keep), file: undefined };
    case 'sqlite': {
      const { SqliteFile } = await import('../sqlite/sqlite-file.js');
      const { SqliteRequestStore } = await import('../sqlite/sqlite-request-store.js');
      const file = new SqliteFile(keep);
      return { store: new SqliteRequestStore({ ...keep, file, onCorrupt }), file };
    }
    case 'bullmq': {
      const { BullmqRequestStore } = await import('../bullmq/bullmq-request-store.js');
      return { store: await BullmqRequestStore.open({ ...keep, onCorrupt, onWarning }), file: undefined };
    }
    default:
      return keep satisfies never;
  }
}
