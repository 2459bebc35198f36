import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PayloadCipher } from './payload-cipher.js';

/**
 * A table for each kind of text: `seq` of the row it belongs to (below 0 for what was set aside), `key_id`, `body`. Apart from
 * the rows, since those are written anew at every step and a prompt can have megabytes; and from each other, so that what comes
 * later is appended and does not split the pages of what came before.
 */
export const SEALED_TABLES = {
  parameters: 'request_parameters',
  notify: 'request_notify',
  answer: 'request_answers',
  result: 'request_results',
  'review input': 'review_inputs',
  'review resolution': 'review_resolutions',
} as const;

export type SealedKind = keyof typeof SEALED_TABLES;

/** Whose text it is, by its number and its id. */
export interface TextOwner {
  readonly seq: number;
  readonly id: string;
}

interface Statements {
  readonly put: StatementSync;
  readonly get: StatementSync;
  readonly drop: StatementSync;
  readonly setAside: StatementSync;
}

/** The texts of requests, or of other rows, sealed when the application gave a key. */
export class SealedTexts<Kind extends SealedKind> {
  readonly #statements: ReadonlyMap<Kind, Statements>;

  constructor(
    database: DatabaseSync,
    private readonly cipher: PayloadCipher | undefined,
    kinds: readonly Kind[],
  ) {
    this.#statements = new Map(kinds.map((kind) => [kind, prepare(database, SEALED_TABLES[kind])]));
  }

  put(owner: TextOwner, kind: Kind, text: string): void {
    const body = this.cipher?.seal(text, placeOf(owner, kind)) ?? text;
    this.#of(kind).put.run(owner.seq, this.cipher?.currentKeyId ?? null, body);
  }

  /** @returns `undefined` when there is none @throws when it cannot be opened */
  get(owner: TextOwner, kind: Kind): string | undefined {
    const row = this.#of(kind).get.get(owner.seq);
    if (row === undefined) return undefined;
    const { key_id: keyId, body } = row;
    if (typeof keyId === 'string' && body instanceof Uint8Array && this.cipher !== undefined) {
      return this.cipher.open(body, placeOf(owner, kind), keyId);
    }
    if (keyId === null && typeof body === 'string') return body;
    throw new Error(`The ${kind} are neither text nor sealed`);
  }

  drop({ seq }: TextOwner, kind: Kind): void {
    this.#of(kind).drop.run(seq);
  }

  dropAll(seq: number): void {
    for (const { drop } of this.#statements.values()) drop.run(seq);
  }

  /** Keeps what belongs to a row that cannot be read, under numbers below 0: its number may be given again. */
  setAside(seq: number, asideSeq: number): void {
    for (const { setAside } of this.#statements.values()) setAside.run(-asideSeq, seq);
  }

  #of(kind: Kind): Statements {
    const statements = this.#statements.get(kind);
    if (statements === undefined) throw new Error(`No texts of the kind "${kind}"`);
    return statements;
  }
}

function prepare(database: DatabaseSync, table: string): Statements {
  return {
    put: database.prepare(`INSERT INTO ${table} (seq, key_id, body) VALUES (?, ?, ?)`),
    get: database.prepare(`SELECT key_id, body FROM ${table} WHERE seq = ?`),
    drop: database.prepare(`DELETE FROM ${table} WHERE seq = ?`),
    setAside: database.prepare(`UPDATE ${table} SET seq = ? WHERE seq = ?`),
  };
}

const placeOf = ({ id }: TextOwner, kind: string): string => `${kind} of ${id}`;
