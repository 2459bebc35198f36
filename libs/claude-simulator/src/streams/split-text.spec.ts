import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitText } from './split-text.js';

describe('splitText', () => {
  it.each<[string, 'word' | number, readonly string[]]>([
    ['Bees dance well.', 'word', ['Bees', ' dance', ' well.']],
    [' Bees\n\ndance ', 'word', [' Bees', '\n\ndance', ' ']],
    ['Bees dance', 4, ['Bees', ' dan', 'ce']],
    ['a🐝🐝b', 2, ['a🐝', '🐝b']],
    ['', 'word', []],
    ['', 3, []],
    ['  ', 'word', ['  ']],
  ])('%j by %s: %j', (text, chunk, parts) => {
    expect([...splitText(text, chunk)]).toEqual(parts);
  });

  it('loses nothing, adds nothing and cuts no character in half', () => {
    const chunk = fc.oneof(fc.constant('word' as const), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), chunk, (text, by) => {
        const parts = [...splitText(text, by)];
        expect(parts.join('')).toBe(text);
        expect(parts.every((part) => part !== '' && part.isWellFormed())).toBe(true);
      }),
    );
  });
});
