import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import type { PayloadCipher } from '../sqlite/payload-cipher.js';
import type { RecordShelf } from './record-shelf.js';

const KEY_CHECK = 'key check';

/**
 * A key of the right id and the wrong bytes would make every request look corrupt: better say it at once. The first process
 * that is given a key leaves something behind that only that key opens.
 *
 * @throws {ClaudeRequestStoreError} `wrong_key`
 */
export async function checkPayloadKeys(shelf: RecordShelf, cipher: PayloadCipher, place: string): Promise<void> {
  for (const keyId of cipher.keyIds) {
    const mine = Buffer.from(cipher.seal(KEY_CHECK, KEY_CHECK, keyId)).toString('base64');
    const first = await shelf.keyCheck(keyId, mine);
    if (opens(cipher, keyId, first)) continue;
    throw new ClaudeRequestStoreError('wrong_key', place, `payloads are sealed, and the key "${keyId}" is not the one`);
  }
}

function opens(cipher: PayloadCipher, keyId: string, check: string): boolean {
  try {
    return cipher.open(Buffer.from(check, 'base64'), KEY_CHECK, keyId) === KEY_CHECK;
  } catch {
    return false;
  }
}
