import { ClaudeRequestStoreError, type StoreTrouble } from '../core/deferral/request-store-errors.js';

/** What Node throws when SQLite says no. By its fields: inside a VM (Jest) it is no instance of our `Error`. */
interface SqliteError {
  readonly code: 'ERR_SQLITE_ERROR';
  /** SQLite's extended result code; the lowest eight bits are the plain one. */
  readonly errcode: number;
}

export function isSqliteError(error: unknown): error is SqliteError {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

/** By plain result code: https://www.sqlite.org/rescode.html */
const TROUBLES: Readonly<Record<number, readonly [StoreTrouble, string]>> = {
  3: ['not_writable', 'access is denied'],
  5: ['locked', 'another process, or another store of this one, has it open. Only one may write to a file'],
  6: ['locked', 'another process, or another store of this one, has it open. Only one may write to a file'],
  8: ['not_writable', 'it is read-only'],
  11: ['damaged', 'the file is damaged. Restore a backup, or move the file away to begin with an empty one'],
  13: ['disk_full', 'the disk is full'],
  14: ['not_writable', 'the file cannot be opened or created'],
  26: ['not_a_database', 'the file is no SQLite database'],
};

/** A typed error of one of SQLite's or of the file system's; anything else stays what it is. */
export function sqliteTrouble(error: unknown, path: string): unknown {
  if (!isSqliteError(error)) return error;
  const [trouble, explanation] = TROUBLES[error.errcode & 0xff] ?? ['io', `SQLite says no (code ${error.errcode})`];
  return new ClaudeRequestStoreError(trouble, path, explanation, { cause: error });
}
