import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isSqliteError } from './sqlite-trouble.js';

/** Pieces of work in one transaction, at most: a commit blocks the event loop for as long as it takes. */
const MAX_GROUP = 256;

interface Piece {
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What is asked for in one turn of the event loop shares one transaction, and so one wait for the disk. No promise
 * resolves before the commit. A piece of work that refuses, with an error of ours, before it has written anything, fails
 * alone; trouble of the database rolls all of it back and fails everybody, and the next group begins afresh.
 */
export class GroupCommit {
  #waiting: Piece[] = [];
  #isScheduled = false;
  readonly #begin: StatementSync;
  readonly #end: StatementSync;

  /** @param translate makes a typed error of one of SQLite's */
  constructor(
    private readonly database: DatabaseSync,
    private readonly translate: (error: unknown) => unknown,
    /** Must not throw. */
    private readonly onRollback: () => void,
  ) {
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#end = database.prepare('COMMIT');
  }

  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      this.#schedule();
    });
  }

  /** Does everything that was asked for, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commit(this.#waiting.splice(0, MAX_GROUP));
  }

  /** Not a microtask: requests that arrived at several sockets in one turn are to share the wait. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#commit(this.#waiting.splice(0, MAX_GROUP));
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #commit(group: readonly Piece[]): void {
    if (group.length === 0) return;
    const settle: (() => void)[] = [];
    try {
      this.#begin.run();
      for (const { work, resolve, reject } of group) {
        try {
          const value = work() as never;
          settle.push(() => resolve(value));
        } catch (error) {
          if (isSqliteError(error)) throw error;
          settle.push(() => reject(error));
        }
      }
      this.#end.run();
    } catch (error) {
      this.#rollBack();
      const trouble = this.translate(error);
      for (const { reject } of group) reject(trouble);
      return;
    }
    for (const tell of settle) tell();
  }

  #rollBack(): void {
    try {
      this.database.exec('ROLLBACK');
    } catch {
      // A full disk and an I/O error have ended the transaction already. (`isTransaction` came with Node 22.16.)
    }
    this.onRollback();
  }
}
