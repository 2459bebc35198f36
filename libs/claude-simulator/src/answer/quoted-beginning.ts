/** How quotes begin and end; of two that fit, the first. */
const MARKS: readonly (readonly [opening: string, closing: string])[] = [
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['«', '»'],
  ['`', '`'],
  ['[', ']'],
  ['(', ')'],
  ['>', '</'],
  ['\n\n', '\n\n'],
  ['\n', '\n'],
];
/** A quote without quotation marks has to be longer than chance makes it. */
const MIN_UNMARKED = 12;

/** The longest beginning of an answer that a text quotes, as it is or as JSON; empty if it quotes none. */
export function quotedBeginning(answer: string, text: string): string {
  const asIs = quoteIn(answer, text);
  const asJson = quoteIn(answer, text.replaceAll('\\n', '\n').replaceAll('\\"', '"'));
  return asJson.length > asIs.length ? asJson : asIs;
}

function quoteIn(answer: string, text: string): string {
  let unmarked = 0;
  let marked = 0;
  const first = answer.charAt(0);
  for (let at = first === '' ? -1 : text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
    const shared = sharedLength(answer, text, at);
    unmarked = Math.max(unmarked, shared);
    marked = Math.max(marked, markedLength(text, at, shared));
  }
  return answer.slice(0, marked === 0 && unmarked >= MIN_UNMARKED ? unmarked : marked);
}

/** What follows a quote may happen to go on like the answer, so the mark that closes it decides; 0 if there is none. */
function markedLength(text: string, start: number, shared: number): number {
  for (const [opening, closing] of MARKS) {
    if (!text.endsWith(opening, start)) continue;
    for (let length = shared; length > 0; length -= 1) {
      if (text.startsWith(closing, start + length)) return length;
    }
  }
  return 0;
}

function sharedLength(answer: string, text: string, at: number): number {
  let length = 0;
  while (length < answer.length && answer.charAt(length) === text.charAt(at + length)) length += 1;
  return length;
}
