import type { StreamOptions } from './stream.options.js';

/** A word comes with the white space before it, as tokens do, so that no chunk but the last can end in some. */
const WORDS = /\s*\S+|\s+$/gu;

/** The text deltas of a text: all of it, in order, never half a character. */
export function* splitText(text: string, chunk: NonNullable<StreamOptions['chunk']>): Generator<string> {
  if (chunk === 'word') {
    for (const [word] of text.matchAll(WORDS)) yield word;
    return;
  }
  let part = '';
  let characters = 0;
  for (const character of text) {
    part += character;
    characters += 1;
    if (characters % chunk !== 0) continue;
    yield part;
    part = '';
  }
  if (part !== '') yield part;
}
