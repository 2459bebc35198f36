/** Longest mailbox of a message (RFC 5321, 4.5.3.1.3). */
const LONGEST = 254;
/** One address and nothing else: no list, no name, no comment, nothing that ends a line. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{C}]+@[^\s@<>()[\]\\,;:"\p{C}]+$/u;

export function isMailAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST && ADDRESS.test(value);
}

/** A text in one line of a header: whatever controls a line is gone. */
export function headerLine(text: string, longest: number): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, longest);
}
