import type { SqliteFile } from './sqlite-file.js';

/** One value as JSON, in the one row of a table that has a column for it. */
export class KeptJson {
  constructor(
    private readonly file: SqliteFile,
    private readonly table: 'alert_states' | 'circuit_holds',
    private readonly column: 'state' | 'held',
  ) {}

  /** @returns `undefined` for nothing, and for what is damaged, which is as good @throws {ClaudeRequestStoreError} */
  load(): unknown {
    const { file, table, column } = this;
    const row = file.read(() => file.database.prepare(`SELECT ${column} FROM ${table} WHERE id = 1`).get());
    return row === undefined ? undefined : parsed(String(row[column]));
  }

  /** @throws {ClaudeRequestStoreError} */
  save(value: unknown): Promise<void> {
    const { file, table, column } = this;
    const json = JSON.stringify(value);
    return file.write(() => {
      file.database.prepare(`INSERT OR REPLACE INTO ${table} (id, ${column}) VALUES (1, ?)`).run(json);
    });
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
