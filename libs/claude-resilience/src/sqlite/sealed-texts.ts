import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import type { PayloadCipher } from './payload-cipher.js';

/** In the order of their slots. */
const KINDS = ['parameters', 'notify', 'answer', 'result'] as const;
export type PayloadKind = (typeof KINDS)[number];

/** Where a payload belongs: to one request, by its number and its id. */
export interface PayloadOwner {
  readonly seq: number;
  readonly id: string;
}

/** The texts of requests, sealed when the application gave a key. */
export class PayloadShelf {
  readonly #put: StatementSync;
  readonly #get: StatementSync;
  readonly #drop: StatementSync;
  readonly #dropAll: StatementSync;
  readonly #setAside: StatementSync;

  /** @throws {ClaudeRequestStoreError} `wrong_key` when there are payloads that no given key opens */
  constructor(
    private readonly database: DatabaseSync,
    private readonly cipher: PayloadCipher | undefined,
    path: string,
  ) {
    this.#checkKeys(path);
    this.#put = database.prepare('INSERT OR REPLACE INTO payloads (slot, key_id, body) VALUES (?, ?, ?)');
    this.#get = database.prepare('SELECT key_id, body FROM payloads WHERE slot = ?');
    this.#drop = database.prepare('DELETE FROM payloads WHERE slot = ?');
    this.#dropAll = database.prepare('DELETE FROM payloads WHERE slot BETWEEN ? AND ?');
    this.#setAside = database.prepare('UPDATE payloads SET slot = ? - slot WHERE slot BETWEEN ? AND ?');
  }

  put(owner: PayloadOwner, kind: PayloadKind, text: string): void {
    const body = this.cipher?.seal(text, placeOf(owner, kind)) ?? text;
    this.#put.run(slotOf(owner.seq, kind), this.cipher?.currentKeyId ?? null, body);
  }

  /** @returns `undefined` when there is none @throws when it cannot be opened */
  get(owner: PayloadOwner, kind: PayloadKind): string | undefined {
    const row = this.#get.get(slotOf(owner.seq, kind));
    if (row === undefined) return undefined;
    const { key_id: keyId, body } = row;
    if (typeof keyId === 'string' && body instanceof Uint8Array && this.cipher !== undefined) {
      return this.cipher.open(body, placeOf(owner, kind), keyId);
    }
    if (keyId === null && typeof body === 'string') return body;
    throw new Error(`The ${kind} are neither text nor sealed`);
  }

  drop(owner: PayloadOwner, kind: PayloadKind): void {
    this.#drop.run(slotOf(owner.seq, kind));
  }

  dropAll(seq: number): void {
    this.#dropAll.run(seq * KINDS.length, seq * KINDS.length + KINDS.length - 1);
  }

  /** Keeps what belongs to a request that cannot be read, in slots below 0: its number may be given again. */
  setAside(seq: number, asideSeq: number): void {
    const first = seq * KINDS.length;
    this.#setAside.run(first - asideSeq * KINDS.length, first, first + KINDS.length - 1);
  }

  /** A key of the right id and the wrong bytes would make every request look corrupt: better say it at once. */
  #checkKeys(path: string): void {
    const isUsed = this.database.prepare('SELECT 1 FROM payloads WHERE key_id = ? LIMIT 1');
    const given = new Set(this.cipher?.keyIds);
    for (const { key_id: keyId, body } of this.database.prepare('SELECT key_id, body FROM key_checks').all()) {
      const id = String(keyId);
      if (isUsed.get(id) === undefined) continue;
      if (given.has(id) && this.cipher !== undefined && opens(this.cipher, id, body)) continue;
      const what = given.has(id) ? `the key "${id}" is not the one` : `the key "${id}" is not given`;
      throw new ClaudeRequestStoreError('wrong_key', path, `payloads are sealed, and ${what}`);
    }
    if (this.cipher === undefined) return;
    const { currentKeyId: id } = this.cipher;
    const check = this.cipher.seal(KEY_CHECK, KEY_CHECK);
    this.database.prepare('INSERT OR REPLACE INTO key_checks (key_id, body) VALUES (?, ?)').run(id, check);
  }
}

const KEY_CHECK = 'key check';

function opens(cipher: PayloadCipher, keyId: string, body: unknown): boolean {
  try {
    return body instanceof Uint8Array && cipher.open(body, KEY_CHECK, keyId) === KEY_CHECK;
  } catch {
    return false;
  }
}

const slotOf = (seq: number, kind: PayloadKind): number => seq * KINDS.length + KINDS.indexOf(kind);
const placeOf = ({ id }: PayloadOwner, kind: PayloadKind): string => `${kind} of ${id}`;
