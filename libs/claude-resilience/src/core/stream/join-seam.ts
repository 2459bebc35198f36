/** Characters of a continuation to look at before the first of it is delivered. */
export const SEAM_CHARACTERS = 240;
/** A shorter agreement may be chance ("al" + "l the"), and cutting it would lose a character. */
const SHORTEST_REPEAT = 12;

/**
 * What of a continuation is new: models asked to go on like to repeat their last words.
 *
 * @param delivered text that the reader has
 * @param continuation the beginning of what follows, up to `SEAM_CHARACTERS`
 */
export function joinSeam(delivered: string, continuation: string): string {
  for (let length = Math.min(delivered.length, continuation.length); length >= SHORTEST_REPEAT; length--) {
    if (delivered.endsWith(continuation.slice(0, length))) return continuation.slice(length);
  }
  return continuation.slice(sharedSpace(delivered, continuation));
}

/**
 * White space that the text ends in and the continuation begins with again, and no more: what follows of it may be the
 * second of two line breaks, or the indentation of a line of code.
 */
function sharedSpace(delivered: string, continuation: string): number {
  let length = delivered.length - delivered.trimEnd().length;
  while (!continuation.startsWith(delivered.slice(delivered.length - length))) length--;
  return length;
}
