import { CuttableText } from './cuttable-text.js';

export interface PartBounds {
  /** Longest part, in characters as JavaScript counts them; 1 or more. */
  readonly maxCharacters: number;
  /** How much of its end a part shares with the next one at most; never more than half a part. */
  readonly overlapCharacters: number;
}

/** Part of a text, from `start` to `end`, of which the characters before `freshFrom` stand in the part before too. */
export interface TextPart {
  readonly text: string;
  readonly start: number;
  readonly freshFrom: number;
  readonly end: number;
}

/** No part ends before this share of its room is used: a heading alone on its lines would else make tiny ones. */
const LEAST_FILLED = 0.5;

/**
 * Cuts a text into parts in the order of the text, with every character in one of them and in two at most: at the ends
 * of paragraphs, else of lines, sentences or words, and within a character as a reader sees it only if that alone is
 * longer than a part (R5).
 *
 * @throws {RangeError} for `maxCharacters` below 1
 */
export function splitText(text: string, bounds: PartBounds): readonly string[] {
  return partsOf(text, bounds).map((part) => part.text);
}

/** The same, with where in the text each part stands. */
export function partsOf(text: string, { maxCharacters, overlapCharacters }: PartBounds): readonly TextPart[] {
  const longest = Math.floor(maxCharacters);
  if (!(longest >= 1)) throw new RangeError(`maxCharacters: at least 1, got ${maxCharacters}`);
  const overlap = Math.min(Math.max(0, Math.floor(overlapCharacters)) || 0, Math.floor(longest / 2));
  const cuttable = new CuttableText(text);
  const parts: TextPart[] = [];
  for (let start = 0, freshFrom = 0; ;) {
    const limit = start + longest;
    const wantedFrom = freshFrom + Math.ceil((limit - freshFrom) * LEAST_FILLED);
    const end = cuttable.lastCut(freshFrom, wantedFrom, limit);
    parts.push({ text: text.slice(start, end), start, freshFrom, end });
    if (end >= text.length) return parts;
    start = cuttable.firstStart(Math.max(end - overlap, freshFrom), end);
    freshFrom = end;
  }
}
