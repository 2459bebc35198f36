import type { DatabaseSync } from 'node:sqlite';
import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import { checkKeys } from './check-keys.js';
import { GroupCommit } from './group-commit.js';
import { openSqliteDatabase, type SqliteDatabaseOptions } from './open-sqlite-database.js';
import { PayloadCipher, type EncryptionOptions } from './payload-cipher.js';
import { sqliteTrouble } from './sqlite-trouble.js';

export interface SqliteFileOptions extends SqliteDatabaseOptions {
  /** Seals prompts, answers, results, addresses of notices, and what is to be reviewed. @default none */
  readonly encryption?: EncryptionOptions;
}

/**
 * One file for everything that outlives the process: opened, locked and brought up to date once, however many stores are in
 * it. What they write in one turn of the event loop shares one transaction. Whoever opened it closes it.
 */
export class SqliteFile {
  readonly path: string;
  /** For preparing statements. What changes something goes through `write`. */
  readonly database: DatabaseSync;
  readonly cipher: PayloadCipher | undefined;
  readonly #group: GroupCommit;
  readonly #undoing: (() => void)[] = [];
  #isClosed = false;

  /** @throws {ClaudeRequestStoreError} @throws {ClaudeInvalidOptionsError} */
  constructor(options: SqliteFileOptions) {
    this.path = options.path;
    this.cipher = options.encryption === undefined ? undefined : new PayloadCipher(options.encryption);
    this.database = openSqliteDatabase(options);
    const translate = (error: unknown) => sqliteTrouble(error, this.path);
    try {
      checkKeys(this.database, this.cipher, this.path);
    } catch (error) {
      this.database.close();
      throw translate(error);
    }
    this.#group = new GroupCommit(this.database, translate, () => {
      for (const undo of this.#undoing) undo();
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Calls back after every rollback: whoever remembers what was written forgets it. The listener must not throw. */
  onRollback(undo: () => void): void {
    this.#undoing.push(undo);
  }

  /** Runs inside a transaction; resolves when the disk has it. `work` refuses only before it has written anything. */
  write<T>(work: () => T): Promise<T> {
    return this.#isClosed ? Promise.reject(this.#closed()) : this.#group.run(work);
  }

  read<T>(work: () => T): T {
    if (this.#isClosed) throw this.#closed();
    try {
      return work();
    } catch (error) {
      throw sqliteTrouble(error, this.path);
    }
  }

  /** Does everything that was asked for, now. */
  flush(): void {
    if (!this.#isClosed) this.#group.flush();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#group.flush();
    this.#isClosed = true;
    this.database.close();
  }

  #closed(): ClaudeRequestStoreError {
    return new ClaudeRequestStoreError('closed', this.path, 'it was closed');
  }
}
