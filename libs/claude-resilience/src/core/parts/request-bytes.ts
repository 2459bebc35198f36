import { mostBytes } from './most-bytes.js';

/** 32 MB: the Messages API refuses a longer body with a 413, before it is read. */
export const MAX_REQUEST_BYTES = 32 * 1024 * 1024;

const NULL_BYTES = 4;
/** JSON itself stops working at some depth, and says so better. */
const DEEPEST = 500;

/**
 * Bytes that a value takes as JSON in UTF-8 if that is more than `limit`, else `undefined`. Builds no text: for the
 * usual request it only adds up lengths; characters are looked at once it could be over.
 */
export function bytesOver(value: unknown, limit: number): number | undefined {
  if (mostBytes(value) <= limit) return undefined;
  const bytes = bytesOf(value);
  return bytes > limit ? bytes : undefined;
}

/** @param path what it is inside of; as it was when this returns */
function bytesOf(value: unknown, path: object[] = []): number {
  switch (typeof value) {
    case 'string':
      return textBytes(value);
    case 'number':
      return Number.isFinite(value) ? String(value).length : NULL_BYTES;
    case 'boolean':
      return String(value).length;
    case 'object':
      break;
    default:
      return 0; // left out, or refused, by JSON
  }
  if (value === null) return NULL_BYTES;
  // A circle: what JSON says about it is for JSON to say.
  if (path.length > DEEPEST || path.includes(value)) return 0;
  path.push(value);
  const bytes = bytesInside(value, path);
  path.pop();
  return bytes;
}

function bytesInside(value: object, path: object[]): number {
  if ('toJSON' in value && typeof value.toJSON === 'function') return bytesOf(value.toJSON(), path);
  // Brackets, and what stands between the items; an empty one has its two brackets.
  let bytes = 1;
  if (Array.isArray(value)) {
    for (const item of value) bytes += (isWritten(item) ? bytesOf(item, path) : NULL_BYTES) + 1;
  } else {
    for (const name of Object.keys(value)) {
      const item = (value as Readonly<Record<string, unknown>>)[name];
      if (isWritten(item)) bytes += textBytes(name) + bytesOf(item, path) + 2;
    }
  }
  return Math.max(2, bytes);
}

function isWritten(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}

function textBytes(text: string): number {
  let bytes = text.length + 2;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x80) {
      if (unit < 0x800) bytes += 1;
      else if (unit < 0xd800 || unit > 0xdfff) bytes += 2;
      else if (unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
        bytes += 2; // both halves: 4 bytes
        at += 1;
      } else bytes += 5;
    } else if (unit < 0x20) bytes += SHORT_ESCAPES.has(unit) ? 1 : 5;
    else if (unit === 0x22 || unit === 0x5c) bytes += 1;
  }
  return bytes;
}

/** `\b \t \n \f \r` */
const SHORT_ESCAPES: ReadonlySet<number> = new Set([8, 9, 10, 12, 13]);
