import { ClaudeRequestTooLargeError } from './request-store-errors.js';

/** Bytes of parameters, of an answer or of a result: what the Messages API takes at most. */
export const DEFAULT_MAX_PAYLOAD_BYTES = 32 * 1024 * 1024;

/** A UTF-16 unit has three bytes of UTF-8 at most. */
const MAX_BYTES_PER_UNIT = 3;

/** @throws {ClaudeRequestTooLargeError} when a text is longer than `maxBytes` of UTF-8 */
export function checkPayload(part: ClaudeRequestTooLargeError['part'], text: string, maxBytes: number): void {
  if (text.length * MAX_BYTES_PER_UNIT <= maxBytes) return;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > maxBytes) throw new ClaudeRequestTooLargeError(part, bytes, maxBytes);
}
