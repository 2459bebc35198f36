import { CircuitHoldStore } from '../core/circuit/circuit-hold-store.port.js';
import type { CircuitSnapshot } from '../core/circuit/circuit-snapshot.js';
import { KeptJson } from './kept-json.js';
import type { SqliteFile } from './sqlite-file.js';

/**
 * Who holds which circuit, in a file, beside everything else that outlives the process. Closed with its file. After damage
 * people see that nobody holds it, and can hold it again.
 */
export class SqliteCircuitHoldStore extends CircuitHoldStore {
  readonly #kept: KeptJson;

  constructor(file: SqliteFile) {
    super();
    this.#kept = new KeptJson(file, 'circuit_holds', 'held');
  }

  /** @throws {ClaudeRequestStoreError} */
  async load(): Promise<unknown> {
    return this.#kept.load();
  }

  /** @throws {ClaudeRequestStoreError} */
  save(held: readonly CircuitSnapshot[]): Promise<void> {
    return this.#kept.save(held);
  }
}
