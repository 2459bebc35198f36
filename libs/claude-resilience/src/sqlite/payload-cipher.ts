import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ClaudeInvalidOptionsError } from '../core/errors.js';

export interface EncryptionOptions {
  /** Keys of 32 bytes by id. Older ones stay until nothing is sealed with them any more. */
  readonly keys: Readonly<Record<string, Uint8Array>>;
  /** Id of the key for what is written from now on; the id is stored in the clear. */
  readonly currentKeyId: string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals payloads with AES-256-GCM. A nonce is chance, which is safe for 2^32 payloads of one key (NIST SP 800-38D, 8.3):
 * change the key long before. What a payload belongs to is authenticated with it, so that none can be put elsewhere.
 */
export class PayloadCipher {
  /** @throws {ClaudeInvalidOptionsError} */
  constructor(private readonly options: EncryptionOptions) {
    const { keys, currentKeyId } = options;
    const issues = Object.entries(keys)
      .filter(([, key]) => key.byteLength !== KEY_BYTES)
      .map(([id]) => `queue.encryption.keys.${id}: ${KEY_BYTES} bytes`);
    if (!Object.hasOwn(keys, currentKeyId)) issues.push('queue.encryption.currentKeyId: the id of one of the keys');
    if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  }

  get keyIds(): readonly string[] {
    return Object.keys(this.options.keys);
  }

  get currentKeyId(): string {
    return this.options.currentKeyId;
  }

  /** @param place what it belongs to */
  seal(text: string, place: string, keyId = this.currentKeyId): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key(keyId), nonce).setAAD(Buffer.from(place));
    const body = [cipher.update(text, 'utf8'), cipher.final()];
    return Buffer.concat([nonce, cipher.getAuthTag(), ...body]);
  }

  /** @throws when it was sealed with another key, for another place, or was changed since */
  open(sealed: Uint8Array, place: string, keyId: string): string {
    const bytes = Buffer.from(sealed);
    const tagEnd = NONCE_BYTES + TAG_BYTES;
    const cipher = createDecipheriv('aes-256-gcm', this.#key(keyId), bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(NONCE_BYTES, tagEnd));
    return Buffer.concat([cipher.update(bytes.subarray(tagEnd)), cipher.final()]).toString('utf8');
  }

  #key(keyId: string): Uint8Array {
    const key = Object.hasOwn(this.options.keys, keyId) ? this.options.keys[keyId] : undefined;
    if (key === undefined) throw new Error(`No key of id ${keyId}`);
    return key;
  }
}
