import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mostBytes } from './most-bytes.js';

const values = fc
  .jsonValue({ maxDepth: 5 })
  .chain((value) => fc.constantFrom(value, [value, 1.5e-300], { '\u0000': value }));

function nested(levels: number): unknown {
  return levels === 0 ? 'x' : { deeper: nested(levels - 1) };
}

describe('mostBytes (R5)', () => {
  it('is never less than what JSON takes', () =>
    fc.assert(
      fc.property(values, (value) => {
        expect(mostBytes(value)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(value)));
      }),
      { numRuns: 500, seed: 5 },
    ));

  it('is six times the length of plain text, and little more', () => {
    expect(mostBytes({ role: 'user', content: 'x'.repeat(1_000) })).toBeLessThan(6_200);
  });

  it.each<[what: string, value: unknown, isKnown: boolean]>([
    ['what says itself how it is written', { at: new Date(0) }, false],
    ['a value of some depth', nested(63), true],
    ['a value deeper than that', nested(65), false],
  ])('%s', (_what, value, isKnown) => {
    expect(Number.isFinite(mostBytes(value))).toBe(isKnown);
  });

  it('a circle is left at its first turn, however many ways lead on', () => {
    const circle: unknown[] = [];
    circle.push(circle, circle, { circle, again: [circle, circle] });
    expect(mostBytes(circle)).toBe(Infinity);
  });
});
