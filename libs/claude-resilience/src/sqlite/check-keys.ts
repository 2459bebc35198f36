import type { DatabaseSync } from 'node:sqlite';
import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import type { PayloadCipher } from './payload-cipher.js';
import { SEALED_TABLES } from './sealed-texts.js';

const KEY_CHECK = 'key check';

/**
 * A key of the right id and the wrong bytes would make everything look corrupt: better say it at once. Leaves a mark of the
 * current key, for the next time.
 * @throws {ClaudeRequestStoreError} `wrong_key` when there are texts that no given key opens
 */
export function checkKeys(database: DatabaseSync, cipher: PayloadCipher | undefined, path: string): void {
  const uses = Object.values(SEALED_TABLES).map((table) =>
    database.prepare(`SELECT 1 FROM ${table} WHERE key_id = ? LIMIT 1`),
  );
  const given = new Set(cipher?.keyIds);
  for (const { key_id: keyId, body } of database.prepare('SELECT key_id, body FROM key_checks').all()) {
    const id = String(keyId);
    if (uses.every((use) => use.get(id) === undefined)) continue;
    if (given.has(id) && cipher !== undefined && opens(cipher, id, body)) continue;
    const what = given.has(id) ? `the key "${id}" is not the one` : `the key "${id}" is not given`;
    throw new ClaudeRequestStoreError('wrong_key', path, `payloads are sealed, and ${what}`);
  }
  if (cipher === undefined) return;
  const check = cipher.seal(KEY_CHECK, KEY_CHECK);
  database.prepare('INSERT OR REPLACE INTO key_checks (key_id, body) VALUES (?, ?)').run(cipher.currentKeyId, check);
}

function opens(cipher: PayloadCipher, keyId: string, body: unknown): boolean {
  try {
    return body instanceof Uint8Array && cipher.open(body, KEY_CHECK, keyId) === KEY_CHECK;
  } catch {
    return false;
  }
}
