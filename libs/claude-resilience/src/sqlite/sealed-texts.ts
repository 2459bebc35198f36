import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PayloadCipher } from './payload-cipher.js';

/** Whose text it is, by its number and its id. */
export interface TextOwner {
  readonly seq: number;
  readonly id: string;
}

/** The texts of requests, or of other rows, sealed when the application gave a key. */
export class SealedTexts<Kind extends string> {
  readonly #put: StatementSync;
  readonly #get: StatementSync;
  readonly #drop: StatementSync;
  readonly #dropAll: StatementSync;
  readonly #setAside: StatementSync;

  /**
   * @param table where they are; one of `SEALED_TABLES`
   * @param kinds in the order of their slots; no two tables have one in common
   */
  constructor(
    database: DatabaseSync,
    private readonly cipher: PayloadCipher | undefined,
    table: string,
    private readonly kinds: readonly Kind[],
  ) {
    this.#put = database.prepare(`INSERT OR REPLACE INTO ${table} (slot, key_id, body) VALUES (?, ?, ?)`);
    this.#get = database.prepare(`SELECT key_id, body FROM ${table} WHERE slot = ?`);
    this.#drop = database.prepare(`DELETE FROM ${table} WHERE slot = ?`);
    this.#dropAll = database.prepare(`DELETE FROM ${table} WHERE slot BETWEEN ? AND ?`);
    this.#setAside = database.prepare(`UPDATE ${table} SET slot = ? - slot WHERE slot BETWEEN ? AND ?`);
  }

  put(owner: TextOwner, kind: Kind, text: string): void {
    const body = this.cipher?.seal(text, placeOf(owner, kind)) ?? text;
    this.#put.run(this.#slotOf(owner.seq, kind), this.cipher?.currentKeyId ?? null, body);
  }

  /** @returns `undefined` when there is none @throws when it cannot be opened */
  get(owner: TextOwner, kind: Kind): string | undefined {
    const row = this.#get.get(this.#slotOf(owner.seq, kind));
    if (row === undefined) return undefined;
    const { key_id: keyId, body } = row;
    if (typeof keyId === 'string' && body instanceof Uint8Array && this.cipher !== undefined) {
      return this.cipher.open(body, placeOf(owner, kind), keyId);
    }
    if (keyId === null && typeof body === 'string') return body;
    throw new Error(`The ${kind} are neither text nor sealed`);
  }

  drop(owner: TextOwner, kind: Kind): void {
    this.#drop.run(this.#slotOf(owner.seq, kind));
  }

  dropAll(seq: number): void {
    this.#dropAll.run(...this.#slotsOf(seq));
  }

  /** Keeps what belongs to a row that cannot be read, in slots below 0: its number may be given again. */
  setAside(seq: number, asideSeq: number): void {
    const [first, last] = this.#slotsOf(seq);
    this.#setAside.run(first - asideSeq * this.kinds.length, first, last);
  }

  #slotOf(seq: number, kind: Kind): number {
    return seq * this.kinds.length + this.kinds.indexOf(kind);
  }

  #slotsOf(seq: number): readonly [first: number, last: number] {
    const first = seq * this.kinds.length;
    return [first, first + this.kinds.length - 1];
  }
}

const placeOf = ({ id }: TextOwner, kind: string): string => `${kind} of ${id}`;
