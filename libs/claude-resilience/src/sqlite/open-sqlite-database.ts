import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import { checkSchema, migrateSchema } from './sqlite-schema.js';
import { sqliteTrouble } from './sqlite-trouble.js';

export interface SqliteDatabaseOptions {
  /** Created with its directory when it is not there; `:memory:` for none. */
  readonly path: string;
  /**
   * `full`: what was acknowledged survives a power cut. `normal`: it survives a crash of the process, but a power cut may
   * take the last of it. @default 'full'
   */
  readonly synchronous?: 'full' | 'normal';
  /** Milliseconds to wait for another process to let go of the file, during which this one stands still. @default 0 */
  readonly lockWaitMs?: number;
  /** Bytes the file may grow to, without its log; beyond that it says `disk_full`. @default what the disk has */
  readonly maxFileBytes?: number;
}

/**
 * Opens the file, and keeps it: the lock is SQLite's own (`locking_mode=EXCLUSIVE`), so it ends with the process, however
 * that ends, and no lock file is left behind. Other programs can read the file only when it is closed.
 *
 * @throws {ClaudeRequestStoreError} `locked`, `not_writable`, `not_a_database`, `not_ours`, `newer_schema`, `damaged`
 */
export function openSqliteDatabase({
  path,
  synchronous = 'full',
  lockWaitMs = 0,
  maxFileBytes,
}: SqliteDatabaseOptions): DatabaseSync {
  if (path !== ':memory:') makeDirectory(path);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${lockWaitMs}`);
    // The mode comes first: then the log needs no shared memory, and the first write takes the lock for good.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    checkSchema(database, path);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
    // What was kept long enough, a prompt for example, is not to be found in the free pages of the file either.
    database.exec('PRAGMA secure_delete = ON');
    // On macOS a plain fsync leaves it in the cache of the disk; elsewhere this does nothing.
    if (synchronous === 'full') database.exec('PRAGMA fullfsync = ON');
    database.exec('BEGIN IMMEDIATE; COMMIT');
    migrateSchema(database);
    if (maxFileBytes !== undefined) {
      const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
      database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxFileBytes / pageBytes))}`);
    }
    return database;
  } catch (error) {
    database?.close();
    throw sqliteTrouble(error, path);
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new ClaudeRequestStoreError('not_writable', path, 'its directory cannot be created', { cause: error });
  }
}
