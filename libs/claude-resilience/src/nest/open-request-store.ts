import { MemoryRequestStore } from '../core/deferral/memory-request-store.js';
import type { RequestStore } from '../core/deferral/request-store.port.js';
import type { SqliteFile } from '../sqlite/sqlite-file.js';
import type { ResolvedQueueOptions } from './queue.options.js';

export interface OpenedStore {
  readonly store: RequestStore;
  /** For whoever else has something to keep; closed after the store. */
  readonly file: SqliteFile | undefined;
}

/** Opens what keeps deferred requests. Adapters are loaded when they are used. @throws {ClaudeRequestStoreError} */
export async function openRequestStore(keep: ResolvedQueueOptions['keep']): Promise<OpenedStore> {
  switch (keep.driver) {
    case 'own':
      return { store: keep.store, file: undefined };
    case 'memory':
      return { store: new MemoryRequestStore(keep), file: undefined };
    case 'sqlite': {
      const { SqliteFile } = await import('../sqlite/sqlite-file.js');
      const { SqliteRequestStore } = await import('../sqlite/sqlite-request-store.js');
      const file = new SqliteFile(keep);
      return { store: new SqliteRequestStore({ ...keep, file }), file };
    }
    default:
      return keep satisfies never;
  }
}
