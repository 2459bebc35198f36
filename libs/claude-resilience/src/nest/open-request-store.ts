import { MemoryRequestStore } from '../core/deferral/memory-request-store.js';
import type { RequestStore } from '../core/deferral/request-store.port.js';
import type { ResolvedQueueOptions } from './queue.options.js';

/** Opens what keeps deferred requests. Adapters are loaded when they are used. @throws {ClaudeRequestStoreError} */
export async function openRequestStore(keep: ResolvedQueueOptions['keep']): Promise<RequestStore> {
  switch (keep.driver) {
    case 'own':
      return keep.store;
    case 'memory':
      return new MemoryRequestStore(keep);
    case 'sqlite': {
      const { SqliteRequestStore } = await import('../sqlite/sqlite-request-store.js');
      return new SqliteRequestStore(keep);
    }
    default:
      return keep satisfies never;
  }
}
