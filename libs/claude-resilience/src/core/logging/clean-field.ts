import { keyScrub } from './key-scrub.js';

/** Of a text, in characters: 1 KB of what names and reasons are written in. */
const MOST_CHARACTERS = 1_024;
const MOST_ITEMS = 20;
/** What breaks a line, or makes a terminal do things: control characters, the line ends of Unicode, and what turns text round. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Bidi_Control}]+/gu;
/** All that may need cleaning; most fields are ids and words that do not, and looking once for all of it is cheap. */
const SUSPICIOUS = /[^ -~]|"|sk-ant|whsec_|hooks\.slack|bearer /i;
/** Ids and words of a list are short and plain; anything else is a text that happens to stand where one should. */
const PLAIN = /^[\w.:@/$-]{1,128}$/;

const withoutKeys = keyScrub();

/** A field's value as it may stand in a line: texts of one line, cut at 1 KB and without keys; lists of 20 at most. */
export function cleanField(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map(cleanField);
  return value;
}

/** What somebody else chose and should be a plain word: an id of the API's, the name of an error. `undefined` for all else. */
export function plainWord(text: string | undefined): string | undefined {
  return text !== undefined && PLAIN.test(text) ? text : undefined;
}

function cleanText(text: string): string {
  if (text.length <= MOST_CHARACTERS && !SUSPICIOUS.test(text)) return text;
  const short = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1).toWellFormed()}…` : text;
  return withoutKeys(short.replace(UNPRINTABLE, ' '));
}
