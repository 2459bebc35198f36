import { ClaudeReviewInputError } from './review-list-errors.js';

/** A UTF-16 unit has three bytes of UTF-8 at most. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * What a person is to look at, as JSON text. Where JSON has no word for something it says so in its place: a large whole
 * number becomes a text, what holds itself `[circular]`, nothing `null`.
 * @throws {ClaudeReviewInputError} when there is no JSON of it, or more than `maxBytes` of UTF-8
 */
export function reviewInputJson(input: unknown, maxBytes: number): string {
  const json = jsonOf(input);
  const bytes = json.length * MAX_BYTES_PER_UNIT <= maxBytes ? json.length : new TextEncoder().encode(json).length;
  if (bytes <= maxBytes) return json;
  throw new ClaudeReviewInputError('too_large', `it may have ${maxBytes} bytes of JSON, not ${bytes}`);
}

function jsonOf(input: unknown): string {
  const within: unknown[] = [];
  try {
    const json: string | undefined = JSON.stringify(input, function (this: unknown, _key, value: unknown) {
      if (typeof value === 'bigint') return String(value);
      if (typeof value !== 'object' || value === null) return value;
      // `this` holds the value: everything beyond it in the row is of a branch that was left.
      while (within.length > 0 && within.at(-1) !== this) within.pop();
      if (within.includes(value)) return '[circular]';
      within.push(value);
      return value;
    });
    return json ?? 'null';
  } catch {
    // The error of a `toJSON` may quote what it was asked to write.
    throw new ClaudeReviewInputError('no_json', 'there is no JSON of it');
  }
}
