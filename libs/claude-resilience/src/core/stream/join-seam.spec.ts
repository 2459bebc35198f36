import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { joinSeam, SEAM_CHARACTERS } from './join-seam.js';

describe('the seam between a broken answer and its continuation', () => {
  it.each([
    ['goes on in the middle of a word', 'The quick brown fox jum', 'ps over', 'ps over'],
    ['goes on after a word', 'The quick brown', ' fox', ' fox'],
    ['repeats the last words', 'The quick brown fox jum', 'brown fox jumps over', 'ps over'],
    ['repeats all of it', 'The quick brown fox', 'The quick brown fox jumps', ' jumps'],
    ['agrees by chance, in too little to tell', 'That is al', 'l the', 'l the'],
    ['a word that is there twice stays there twice', 'ha ha', ' ha ha', ' ha ha'],
    ['white space is not doubled', 'One. ', ' Two.', 'Two.'],
    ['nor is a line break', 'One.\n\n', '\nTwo.', 'Two.'],
    ['half of a paragraph’s end is there', 'One.\n', '\n\nTwo.', '\nTwo.'],
    ['indentation is no repetition', 'if x:\n', '    y()', '    y()'],
    ['nor is the rest of it', 'if x:\n  ', '\n    y()', '  y()'],
    ['nothing new', 'The quick brown fox', 'quick brown fox', ''],
    ['nothing at all', 'The quick', '', ''],
  ])('%s', (_what, delivered, continuation, expected) => {
    expect(joinSeam(delivered, continuation)).toBe(expected);
  });

  /** Prose without long repetitions of its own: where a text repeats itself for long, nobody could tell. */
  const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{6,10}$/), { minLength: 5, maxLength: 60 });

  it('the whole text exactly once, wherever it was cut and however much of it is repeated', () => {
    fc.assert(
      fc.property(
        words,
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        fc.constantFrom(0, 12, 13, 40, 100),
        (list, at, repeat) => {
          const whole = list.join(' ');
          const cut = Math.floor(whole.length * at);
          const delivered = whole.slice(0, cut);
          fc.pre(!/\s$/.test(delivered) && (repeat === 0 || cut >= repeat));
          const continuation = whole.slice(cut - repeat).slice(0, SEAM_CHARACTERS);
          expect(delivered + joinSeam(delivered, continuation)).toBe(
            whole.slice(0, cut - repeat + continuation.length),
          );
        },
      ),
      { numRuns: 5_000, seed: 11 },
    );
  });
});
