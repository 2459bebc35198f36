import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import type { PayloadCipher } from '../sqlite/payload-cipher.js';

/** A text that this module did not write. Its message is ours, and quotes nothing. */
export class UnreadableText extends Error {}

/**
 * Writes payloads so that every server takes them, sealed when the application gave a key. The first sign says how: `t` as
 * it is; `j` as a JSON string, since PostgreSQL keeps no NUL and UTF-8 no half of a surrogate pair; `s` sealed, with the id
 * of the key.
 */
export class PayloadTexts {
  /** @param where the store is, for people */
  constructor(
    private readonly cipher: PayloadCipher | undefined,
    private readonly where = 'bullmq',
  ) {}

  get areSealed(): boolean {
    return this.cipher !== undefined;
  }

  /** @param place what it belongs to: a sealed text is of no use elsewhere */
  write(text: string, place: string): string {
    const plain = text.includes('\0') || !text.isWellFormed() ? `j${JSON.stringify(text)}` : `t${text}`;
    if (this.cipher === undefined) return plain;
    const sealed = Buffer.from(this.cipher.seal(plain, place)).toString('base64');
    return `s${encodeURIComponent(this.cipher.currentKeyId)}:${sealed}`;
  }

  /** @throws {UnreadableText} @throws {ClaudeRequestStoreError} `wrong_key` when the key is not given */
  read(text: string | undefined, place: string): string {
    const what = place.split(' ')[0] ?? place;
    switch (text?.[0]) {
      case 't':
        return text.slice(1);
      case 'j':
        return jsonString(text.slice(1), what);
      case 's':
        return this.read(this.#open(text, place, what), place);
      default:
        throw new UnreadableText(`${what} is missing, or not as it was written`);
    }
  }

  #open(text: string, place: string, what: string): string {
    const [id = '', body = ''] = text.slice(1).split(':');
    const keyId = decodeURIComponent(id);
    if (this.cipher?.keyIds.includes(keyId) !== true) {
      // Not corrupt: another process may have the key already, or still.
      throw new ClaudeRequestStoreError(
        'wrong_key',
        this.where,
        `payloads are sealed, and the key "${keyId}" is not given`,
      );
    }
    let plain: string;
    try {
      plain = this.cipher.open(Buffer.from(body, 'base64'), place, keyId);
    } catch {
      throw new UnreadableText(`${what} cannot be opened`);
    }
    if (plain.startsWith('s')) throw new UnreadableText(`${what} is not as it was written`);
    return plain;
  }
}

function jsonString(json: string, what: string): string {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'string') throw new UnreadableText(`${what} is no text`);
  return value;
}
