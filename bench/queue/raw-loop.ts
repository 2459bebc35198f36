import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Loop } from './loop.js';
import { PARAMETERS, RESULT } from './payloads.js';

/** What a queue on SQLite costs at least: one table, one index, three statements. */
export class RawLoop implements Loop {
  readonly name = 'raw loop';
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #claim: StatementSync;
  readonly #complete: StatementSync;
  #inserted = 0;

  constructor(directory: string, synchronous: 'full' | 'normal') {
    this.#database = new DatabaseSync(join(directory, 'raw.db'));
    this.#database.exec(`
      PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};
      CREATE TABLE jobs (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL, state TEXT NOT NULL, priority INTEGER NOT NULL, payload TEXT NOT NULL,
        result TEXT, lease_until_ms INTEGER
      ) STRICT;
      CREATE INDEX jobs_waiting ON jobs (priority, seq) WHERE state = 'waiting';
    `);
    this.#insert = this.#database.prepare(
      `INSERT INTO jobs (id, state, priority, payload) VALUES (?, 'waiting', ?, ?)`,
    );
    this.#claim = this.#database.prepare(
      `UPDATE jobs SET state = 'running', lease_until_ms = ? WHERE seq = (
         SELECT seq FROM jobs WHERE state = 'waiting' ORDER BY priority, seq LIMIT 1) RETURNING seq, id, payload`,
    );
    this.#complete = this.#database.prepare(`UPDATE jobs SET state = 'succeeded', result = ? WHERE seq = ?`);
  }

  async run(jobs: number, group: number): Promise<void> {
    const seqs: number[] = [];
    this.#inGroups(jobs, group, () => this.#insert.run(`job-${++this.#inserted}`, this.#inserted % 3, PARAMETERS));
    this.#inGroups(jobs, group, () => seqs.push(Number(this.#claim.get(Date.now() + 90_000)?.['seq'])));
    this.#inGroups(jobs, group, (n) => this.#complete.run(RESULT, seqs[n] ?? 0));
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #inGroups(jobs: number, group: number, step: (n: number) => void): void {
    for (let first = 0; first < jobs; first += group) {
      this.#database.exec('BEGIN IMMEDIATE');
      for (let n = first; n < Math.min(jobs, first + group); n++) step(n);
      this.#database.exec('COMMIT');
    }
  }
}
