import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partsOf, splitText } from './split-text.js';

const split = (text: string, maxCharacters: number, overlapCharacters = 0) =>
  splitText(text, { maxCharacters, overlapCharacters });

describe('splitText (R5)', () => {
  it.each([
    ['a text that fits', 'One.', 4, ['One.']],
    ['nothing', '', 4, ['']],
    ['paragraphs', 'One two.\n\nThree four.\n\nFive.', 24, ['One two.\n\nThree four.\n\n', 'Five.']],
    ['paragraphs of Windows', 'One two.\r\n\r\nThree four.', 14, ['One two.\r\n\r\n', 'Three four.']],
    ['lines', 'one two\nthree four\nfive', 20, ['one two\nthree four\n', 'five']],
    ['sentences', 'One two. Three four! Five six?', 22, ['One two. Three four! ', 'Five six?']],
    ['Chinese sentences', '今天下雨。我们在家。明天出去！', 11, ['今天下雨。我们在家。', '明天出去！']],
    ['words', 'one two three four', 9, ['one two ', 'three ', 'four']],
    ['one long word', 'abcdefgh', 3, ['abc', 'def', 'gh']],
    ['surrogate pairs', '😀😀😀', 3, ['😀', '😀', '😀']],
    ['families of joined characters', 'ab👨‍👩‍👧‍👦cd', 11, ['ab', '👨‍👩‍👧‍👦', 'cd']],
    ['a letter and its accent', 'aae\u0301', 3, ['aa', 'e\u0301']],
    ['flags', '🇫🇷🇩🇪🇪🇸', 6, ['🇫🇷', '🇩🇪', '🇪🇸']],
    ['a character longer than a part, by code points', '👨‍👩‍👧', 2, ['👨', '\u200d', '👩', '\u200d', '👧']],
    ['a pair longer than a part, because it must', '😀', 1, ['\ud83d', '\ude00']],
    ['a paragraph near the beginning, which would make a tiny part', 'A.\n\none two three four', 16, ['A.\n\none two ', 'three four']], // oxfmt-ignore
  ])('%s', (_what, text, maxCharacters, parts) => {
    expect(split(text, maxCharacters)).toEqual(parts);
  });

  it.each([
    ['from a sentence', 'Alpha beta gamma. Delta six. Eta seven.', 29, 14, ['Alpha beta gamma. Delta six. ', 'Delta six. Eta seven.']], // oxfmt-ignore
    ['from a word', 'one two three four five six', 14, 7, ['one two three ', 'three four ', 'four five six']],
    ['between characters', 'abcdefghij', 4, 2, ['abcd', 'cdef', 'efgh', 'ghij']],
    ['never half a pair', '😀😀😀😀', 4, 1, ['😀😀', '😀😀']],
  ])('overlap %s', (_what, text, maxCharacters, overlapCharacters, parts) => {
    expect(split(text, maxCharacters, overlapCharacters)).toEqual(parts);
  });

  it.each([0, -1, NaN])('a bound of %d characters is a mistake', (maxCharacters) => {
    expect(() => split('text', maxCharacters)).toThrow(RangeError);
  });

  const piece = fc.constantFrom('word', ' ', '\n', '\n\n', '\r\n', '. ', '。', '😀', 'e\u0301', '👨‍👩‍👧', '\ud83d', '\ude00', 'x'.repeat(40), '"'); // oxfmt-ignore
  const texts = fc.array(piece, { maxLength: 80 }).map((pieces) => pieces.join(''));
  const bounds = fc.record({
    maxCharacters: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.double({ min: 1, max: 60, noNaN: true })),
    overlapCharacters: fc.oneof(fc.integer({ min: 0, max: 80 }), fc.constantFrom(-5, NaN, Infinity, 2.5)),
  });

  it('whatever the text and the bounds: ends, in order, within the bound, every character, in two parts at most', () => {
    fc.assert(
      fc.property(texts, bounds, (text, bound) => {
        const parts = partsOf(text, bound);
        expect(parts.map((part) => part.text)).toEqual(parts.map(({ start, end }) => text.slice(start, end)));
        // What is not shared with the part before is, together, the text.
        expect(parts.map(({ freshFrom, end }) => text.slice(freshFrom, end)).join('')).toBe(text);
        for (const [index, { start, freshFrom, end }] of parts.entries()) {
          const before = parts[index - 1];
          expect(end - start).toBeLessThanOrEqual(bound.maxCharacters);
          expect(freshFrom - start).toBeLessThanOrEqual(Math.max(0, bound.overlapCharacters || 0));
          expect(freshFrom).toBe(before?.end ?? 0);
          expect(start).toBeGreaterThanOrEqual(before?.freshFrom ?? 0);
          if (text !== '') expect(end).toBeGreaterThan(freshFrom);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('a surrogate pair is torn only where a part has room for one unit', () => {
    fc.assert(
      fc.property(texts, bounds, (text, bound) => {
        fc.pre(bound.maxCharacters >= 4);
        const cuts = partsOf(text, bound).flatMap(({ start, end }) => [start, end]);
        const torn = cuts.filter((at) => /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1)));
        expect(torn).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes time in proportion to the text: millions of characters without a single place to cut', () => {
    const text = '字'.repeat(3_000_000);
    expect(split(text, 10_000, 200).length).toBeGreaterThan(299);
  });
});
