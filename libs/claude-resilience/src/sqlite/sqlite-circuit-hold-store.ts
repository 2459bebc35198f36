import { CircuitHoldStore } from '../core/circuit/circuit-hold-store.port.js';
import type { CircuitSnapshot } from '../core/circuit/circuit-snapshot.js';
import type { SqliteFile } from './sqlite-file.js';

/** Who holds which circuit, in a file, beside everything else that outlives the process. Closed with its file. */
export class SqliteCircuitHoldStore extends CircuitHoldStore {
  constructor(private readonly file: SqliteFile) {
    super();
  }

  /** @throws {ClaudeRequestStoreError} */
  async load(): Promise<unknown> {
    const row = this.file.read(() => this.file.database.prepare('SELECT held FROM circuit_holds WHERE id = 1').get());
    return row === undefined ? undefined : parsed(String(row['held']));
  }

  /** @throws {ClaudeRequestStoreError} */
  save(held: readonly CircuitSnapshot[]): Promise<void> {
    const json = JSON.stringify(held);
    return this.file.write(() => {
      this.file.database.prepare('INSERT OR REPLACE INTO circuit_holds (id, held) VALUES (1, ?)').run(json);
    });
  }
}

/** What is damaged is as good as nothing: people can see that nobody holds it, and hold it again. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
