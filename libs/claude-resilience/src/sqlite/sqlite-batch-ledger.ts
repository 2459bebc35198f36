import { BatchLedger } from '../core/deferral/batch/batch-ledger.port.js';
import type { BatchRecord } from '../core/deferral/batch/batch-record.js';
import { prepareAll, type Prepared } from './prepare-all.js';
import type { SqliteFile } from './sqlite-file.js';

const QUERIES = {
  put: 'INSERT OR REPLACE INTO batches (id, created_at_ms, state, items) VALUES (?, ?, ?, ?)',
  all: 'SELECT * FROM batches ORDER BY created_at_ms, rowid',
  remove: 'DELETE FROM batches WHERE id = ?',
} as const;

/** What is with the Batches API, in a file (R12), beside the requests it is about. Closed with its file. */
export class SqliteBatchLedger extends BatchLedger {
  readonly #queries: Prepared<typeof QUERIES>;

  /** @throws {ClaudeRequestStoreError} */
  constructor(private readonly file: SqliteFile) {
    super();
    this.#queries = file.read(() => prepareAll(file.database, QUERIES));
  }

  async put({ id, createdAtMs, state, items }: BatchRecord): Promise<void> {
    const texts = [JSON.stringify(state), JSON.stringify(items)] as const;
    await this.file.write(() => this.#queries.put.run(id, createdAtMs, ...texts));
  }

  async all(): Promise<readonly BatchRecord[]> {
    const rows = this.file.read(() => this.#queries.all.all());
    return rows.flatMap(({ id, created_at_ms: createdAtMs, state, items }) => {
      try {
        return [
          {
            id: String(id),
            createdAtMs: Number(createdAtMs),
            state: JSON.parse(String(state)) as BatchRecord['state'],
            items: JSON.parse(String(items)) as BatchRecord['items'],
          },
        ];
      } catch {
        // It stays where it is, for people; its requests are taken up again when their leases have run out.
        return [];
      }
    });
  }

  async remove(id: string): Promise<void> {
    await this.file.write(() => this.#queries.remove.run(id));
  }
}
