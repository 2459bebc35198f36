import type { DatabaseSync } from 'node:sqlite';
import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import { SEALED_TABLES } from './sealed-texts.js';

/** Marks a file as ours, in SQLite's `application_id`: "cldq" in ASCII. */
export const APPLICATION_ID = 0x636c6471;

/**
 * One step each, from the version of its index to the next; never changed once released. `user_version` counts them.
 *
 * `ready_at_ms`: when it may be claimed; null for what has ended. `due`: 0 while it waits for that moment, 1 once that was
 * seen to have come, so that a claim looks only at those that may be taken, 2 while somebody holds it (`ReadyWatch`).
 * Indices are of what seldom changes: a claim touches the one of `due`, and no other.
 * `notices_due`: a JSON list of places; null when there is none.
 * `batches.state` and `.items`: JSON, as in `BatchRecord`.
 * `rollups.resolution`: milliseconds of a slot; `.counts`: JSON, as in `RollupSlot`.
 * `alert_states.state`: JSON, as in `AlertDeskState`; one row.
 * `circuit_holds.held`: a JSON list of `CircuitSnapshot`; one row.
 * `baseline_resets.series`: a JSON list of workflow and model; null for any.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE requests (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    correlation_id TEXT NOT NULL,
    feature TEXT NOT NULL,
    workflow TEXT NOT NULL,
    priority INTEGER NOT NULL,
    enqueued_at_ms INTEGER NOT NULL,
    not_before_ms INTEGER NOT NULL,
    deadline_ms INTEGER NOT NULL,
    owner TEXT,
    locale TEXT,
    idempotency_key TEXT,
    redrive_of TEXT,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    fencing_number INTEGER NOT NULL,
    ready_at_ms INTEGER,
    due INTEGER NOT NULL,
    has_answer INTEGER NOT NULL,
    started_at_ms INTEGER,
    ended_at_ms INTEGER,
    is_dead INTEGER NOT NULL,
    redriven_as TEXT,
    failure TEXT,
    notices_due TEXT
  ) STRICT;
  CREATE TABLE corrupt_requests (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, problem TEXT NOT NULL, row TEXT NOT NULL) STRICT;
  CREATE TABLE reviews (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    feature TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    added_at_ms INTEGER NOT NULL,
    resolved_at_ms INTEGER
  ) STRICT;
  CREATE TABLE batches (id TEXT PRIMARY KEY, created_at_ms INTEGER NOT NULL, state TEXT NOT NULL, items TEXT NOT NULL) STRICT;
  CREATE TABLE rollups (
    resolution INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    workflow TEXT NOT NULL,
    model TEXT NOT NULL,
    source TEXT NOT NULL,
    is_unwell INTEGER NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY (resolution, start_ms, workflow, model, source)
  ) STRICT;
  CREATE TABLE baseline_resets (series TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;
${sealedTables()}
  CREATE TABLE key_checks (key_id TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;
  CREATE INDEX reviews_open ON reviews (seq, kind, added_at_ms) WHERE resolved_at_ms IS NULL;
  CREATE INDEX reviews_resolved ON reviews (resolved_at_ms, seq) WHERE resolved_at_ms IS NOT NULL;
  CREATE INDEX requests_by_key ON requests (idempotency_key, owner) WHERE idempotency_key IS NOT NULL;
  CREATE INDEX requests_due ON requests (priority, seq) WHERE due = 1;
  CREATE INDEX requests_later ON requests (ready_at_ms) WHERE due = 0 AND ready_at_ms IS NOT NULL;
  CREATE INDEX requests_open ON requests (deadline_ms) WHERE ended_at_ms IS NULL;
  CREATE INDEX requests_in_vain ON requests (state, seq) WHERE ended_at_ms IS NOT NULL AND state <> 'succeeded';
  CREATE INDEX requests_dead ON requests (seq) WHERE is_dead = 1;
  CREATE INDEX requests_with_notices ON requests (seq) WHERE notices_due IS NOT NULL;
  CREATE INDEX requests_ended_of ON requests (owner, ended_at_ms) WHERE owner IS NOT NULL AND ended_at_ms IS NOT NULL;
  `,
  `
  CREATE TABLE alert_states (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL) STRICT;
  `,
  `
  CREATE TABLE circuit_holds (id INTEGER PRIMARY KEY CHECK (id = 1), held TEXT NOT NULL) STRICT;
  `,
];

function sealedTables(): string {
  return Object.values(SEALED_TABLES)
    .map(
      (table) => `
  CREATE TABLE ${table} (seq INTEGER PRIMARY KEY, key_id TEXT, body ANY NOT NULL) STRICT;
  CREATE INDEX ${table}_by_key ON ${table} (key_id) WHERE key_id IS NOT NULL;`,
    )
    .join('');
}

/** @throws {ClaudeRequestStoreError} `not_ours`, `newer_schema`; nothing is written */
export function checkSchema(database: DatabaseSync, path: string, known = MIGRATIONS.length): void {
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (!isEmpty && numberOf(database, 'application_id') !== APPLICATION_ID) {
    throw new ClaudeRequestStoreError('not_ours', path, 'the file is a SQLite database, but not one of this module');
  }
  const version = numberOf(database, 'user_version');
  if (version <= known) return;
  const explanation = `the file has schema version ${version}, this module knows ${known}. Update the module`;
  throw new ClaudeRequestStoreError('newer_schema', path, explanation);
}

/** Brings a file that was checked to the version of this module: all steps in one transaction, or none. */
export function migrateSchema(database: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  const version = numberOf(database, 'user_version');
  if (version === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  // After a step that fails the caller closes the file, which rolls all of them back.
  for (const step of migrations.slice(version)) database.exec(step);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}; COMMIT`);
}

function numberOf(database: DatabaseSync, pragma: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}
