import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import { inTransaction, type PgPool } from './pg-pool.js';

/**
 * One step each, from the version of its index to the next; never changed once released. Beside the tables of BullMQ, in
 * the same schema. `due_at_ms`: when it could be claimed
 * first. `ready_at_ms`: when it may be claimed; null for what has ended. `owner_mark`: of whoever is shown its
 * end, when it has one. `problem`: why it cannot be read; such a one is found by its id alone.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE request_record (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    key_mark text UNIQUE,
    version integer NOT NULL,
    state text NOT NULL,
    rank smallint NOT NULL,
    feature text NOT NULL,
    due_at_ms bigint NOT NULL,
    deadline_ms bigint NOT NULL,
    ready_at_ms bigint,
    has_answer boolean NOT NULL,
    ended_at_ms bigint,
    is_dead boolean NOT NULL,
    has_notices boolean NOT NULL,
    owner_mark text,
    problem text,
    record text NOT NULL,
    parameters text NOT NULL,
    answer text,
    result text
  );
  CREATE TABLE request_key_check (key_id text PRIMARY KEY, body text NOT NULL);
  CREATE TABLE request_notice_desk (one boolean PRIMARY KEY, holder text NOT NULL, until timestamptz NOT NULL);
  CREATE INDEX request_record_ready ON request_record (rank, seq, ready_at_ms) WHERE ready_at_ms IS NOT NULL;
  CREATE INDEX request_record_deadline ON request_record (deadline_ms) WHERE ready_at_ms IS NOT NULL AND NOT has_answer;
  CREATE INDEX request_record_state ON request_record (state, seq);
  CREATE INDEX request_record_dead ON request_record (seq) WHERE is_dead;
  CREATE INDEX request_record_notices ON request_record (seq) WHERE has_notices;
  CREATE INDEX request_record_ended ON request_record (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
  CREATE INDEX request_record_owner ON request_record (owner_mark, ended_at_ms) WHERE owner_mark IS NOT NULL;
  `,
];

/** "cldq" in ASCII: who brings tables up to date takes this lock, so that of many processes one does it. */
const MIGRATION_LOCK = 0x636c6471;

/**
 * Creates or updates the tables of requests; the schema is there already.
 *
 * @throws {ClaudeRequestStoreError} `newer_schema`
 */
export async function migrateRequestTables(pool: PgPool, place: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS request_record_version (version integer NOT NULL)');
    const { rows } = await client.query('SELECT version FROM request_record_version');
    const version = Number(rows[0]?.['version'] ?? 0);
    if (version > MIGRATIONS.length) {
      const explanation = `the tables have version ${version}, this module knows ${MIGRATIONS.length}. Update the module`;
      throw new ClaudeRequestStoreError('newer_schema', place, explanation);
    }
    if (version === MIGRATIONS.length) return;
    for (const step of MIGRATIONS.slice(version)) await client.query(step);
    await client.query('DELETE FROM request_record_version');
    await client.query('INSERT INTO request_record_version VALUES ($1)', [MIGRATIONS.length]);
  });
}
