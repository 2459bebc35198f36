import type { SQLOutputValue } from 'node:sqlite';
import { SPANS_MS, type Resolution, type RollupSlot } from '../core/metrics/rollup-slot.js';
import { RollupStore, type BaselineReset, type SlotWish } from '../core/metrics/rollup-store.port.js';
import { prepareAll, type Prepared } from './prepare-all.js';
import type { SqliteFile } from './sqlite-file.js';

const QUERIES = {
  put: `
    INSERT OR REPLACE INTO rollups (resolution, start_ms, workflow, model, source, is_unwell, counts)
    VALUES (?, ?, ?, ?, ?, ?, ?)`,
  read: `
    SELECT * FROM rollups
    WHERE resolution = ?1 AND start_ms >= ?2 AND start_ms < ?3
      AND (?4 IS NULL OR workflow = ?4) AND (?5 IS NULL OR model = ?5)
    ORDER BY start_ms`,
  remove: 'DELETE FROM rollups WHERE resolution = ? AND start_ms < ?',
  reset: 'INSERT OR REPLACE INTO baseline_resets (series, at_ms) VALUES (?, ?)',
  resets: 'SELECT series, at_ms FROM baseline_resets ORDER BY at_ms',
} as const;

/** Metrics in a file (R38), beside everything else that outlives the process. Closed with its file. */
export class SqliteRollupStore extends RollupStore {
  readonly #queries: Prepared<typeof QUERIES>;

  /** @throws {ClaudeRequestStoreError} */
  constructor(private readonly file: SqliteFile) {
    super();
    this.#queries = file.read(() => prepareAll(file.database, QUERIES));
  }

  async put(slots: readonly RollupSlot[]): Promise<void> {
    const rows = slots.map(({ resolution, startMs, workflow, model, source, isUnwell, counts }) => {
      const name = [SPANS_MS[resolution], startMs, workflow, model, source] as const;
      return [...name, isUnwell === true ? 1 : 0, JSON.stringify(counts)] as const;
    });
    await this.file.write(() => {
      for (const row of rows) this.#queries.put.run(...row);
    });
  }

  async read({ resolution, fromMs, untilMs, workflow, model }: SlotWish): Promise<readonly RollupSlot[]> {
    const span = [SPANS_MS[resolution], fromMs, untilMs] as const;
    const rows = this.file.read(() => this.#queries.read.all(...span, workflow ?? null, model ?? null));
    return rows.flatMap((row) => slotOfRow(resolution, row));
  }

  async removeBefore(resolution: Resolution, beforeMs: number): Promise<number> {
    return this.file.write(() => Number(this.#queries.remove.run(SPANS_MS[resolution], beforeMs).changes));
  }

  async noteReset({ workflow, model, atMs }: BaselineReset): Promise<void> {
    const series = JSON.stringify([workflow ?? null, model ?? null]);
    await this.file.write(() => this.#queries.reset.run(series, atMs));
  }

  async resets(): Promise<readonly BaselineReset[]> {
    const rows = this.file.read(() => this.#queries.resets.all());
    return rows.map(({ series, at_ms: atMs }) => {
      const [workflow, model] = JSON.parse(String(series)) as [string | null, string | null];
      return { ...(workflow !== null && { workflow }), ...(model !== null && { model }), atMs: Number(atMs) };
    });
  }
}

/** A row that is damaged stays where it is, until it is old enough to go. */
function slotOfRow(resolution: Resolution, row: Readonly<Record<string, SQLOutputValue>>): readonly RollupSlot[] {
  try {
    const counts = JSON.parse(String(row['counts'])) as RollupSlot['counts'];
    const name = { workflow: String(row['workflow']), model: String(row['model']), source: String(row['source']) };
    const isUnwell = row['is_unwell'] === 1 ? { isUnwell: true as const } : {};
    return [{ resolution, startMs: Number(row['start_ms']), ...name, counts, ...isUnwell }];
  } catch {
    return [];
  }
}
