import { guarded, type RedactText } from './guarded-redact-text.js';

/** Longest text kept, in characters; longer ones end with a note. */
export const LONGEST_KEPT_TEXT = 20_000;
/** Longest part of a text that is looked at, in characters. */
const LONGEST_READ_TEXT = 200_000;
/** What is cut off where a text was not read to its end: half a number is not recognised as one. */
const UNSURE_END = 300;
/** Levels of objects and lists kept. */
const DEEPEST = 32;
/** Characters and values kept of the whole. */
const MOST_CHARACTERS = 500_000;
const MOST_VALUES = 20_000;
/** Field names. Other keys are data of somebody's, and are redacted like texts. */
const NAME = /^[A-Za-z_$][\w$-]{0,63}$/;

/**
 * A copy of any JSON-like value for people to read, with every text redacted (R16) and everything bounded: long texts are
 * cut, images and other files are replaced by their size, circles and depths by a note. Never throws.
 */
export function redactValue(value: unknown, redactText: RedactText): unknown {
  return new Redaction(guarded(redactText)).copy(value, []);
}

class Redaction {
  #charactersLeft = MOST_CHARACTERS;
  #valuesLeft = MOST_VALUES;

  constructor(private readonly redactText: (text: string) => string) {}

  copy(value: unknown, inside: readonly object[]): unknown {
    if (this.#valuesLeft-- <= 0 || this.#charactersLeft <= 0) return '[cut]';
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'number':
      case 'bigint':
        return this.#number(value);
      case 'object':
        if (value === null) return null;
        if (inside.includes(value)) return '[circular]';
        if (inside.length >= DEEPEST) return '[deeper]';
        return this.#readable(value, [...inside, value]);
      case 'boolean':
      case 'undefined':
        return value;
      default:
        return `[${typeof value}]`;
    }
  }

  /** Getters and proxies of strangers may throw. */
  #readable(value: object, inside: readonly object[]): unknown {
    try {
      if (Array.isArray(value)) return this.#list(value, inside);
      if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytes(value.byteLength);
      if (value instanceof Date) return this.#text(String(value.toJSON()));
      return this.#object(value as Readonly<Record<string, unknown>>, inside);
    } catch {
      return '[unreadable]';
    }
  }

  #list(list: readonly unknown[], inside: readonly object[]): unknown[] {
    const kept: unknown[] = [];
    for (const item of list) {
      if (this.#valuesLeft <= 0 || this.#charactersLeft <= 0) return [...kept, `[${list.length - kept.length} more]`];
      kept.push(this.copy(item, inside));
    }
    return kept;
  }

  #object(object: Readonly<Record<string, unknown>>, inside: readonly object[]): object {
    const kept: [string, unknown][] = [];
    for (const key of Object.keys(object)) {
      if (this.#valuesLeft <= 0 || this.#charactersLeft <= 0) {
        kept.push(['[cut]', true]);
        break;
      }
      const value = object[key];
      const name = NAME.test(key) ? key : this.#text(key, 200);
      this.#charactersLeft -= name.length;
      kept.push([name, isFile(object, key, value) ? bytes(base64Bytes(value)) : this.copy(value, inside)]);
    }
    // Unlike an assignment, harmless for a key like `__proto__`.
    return Object.fromEntries(kept);
  }

  #text(text: string, longest = LONGEST_KEPT_TEXT): string {
    if (DATA_URL.test(text)) return bytes(base64Bytes(text.slice(text.indexOf(',') + 1)));
    const isReadWhole = text.length <= LONGEST_READ_TEXT;
    const clean = this.redactText(isReadWhole ? text : text.slice(0, LONGEST_READ_TEXT));
    const sure = isReadWhole ? clean : clean.slice(0, -UNSURE_END);
    const isCut = !isReadWhole || sure.length > longest;
    const kept = isCut ? `${sure.slice(0, longest)} [cut: ${text.length} characters]` : sure;
    this.#charactersLeft -= kept.length;
    return kept.toWellFormed();
  }

  /** A number with many digits may be a card or a phone number. */
  #number(value: number | bigint): number | string {
    const digits = String(value);
    if (digits.length < 9) return typeof value === 'number' ? value : digits;
    const clean = this.#text(digits);
    return clean === digits && typeof value === 'number' ? value : clean;
  }
}

const DATA_URL = /^data:[^,]{0,200};base64,/i;

/** The API's fields that hold files, or what only the API can read, in base64. */
function isFile(object: Readonly<Record<string, unknown>>, key: string, value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const type = object['type'];
  if (key === 'data' || key === 'source') return type === 'base64' || type === 'redacted_thinking';
  return (key === 'signature' && type === 'thinking') || key === 'encrypted_content';
}

function base64Bytes(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor((base64.length * 3) / 4) - padding);
}

const bytes = (count: number) => `[${count} bytes]`;
