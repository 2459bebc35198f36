import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closingBeats, isQuorum } from './quorum.js';

describe('isQuorum (issue 9)', () => {
  // oxfmt-ignore
  it.each<[evidence: number, witnesses: number, isEnough: boolean]>([
    [0, 0, false], [1, 0, false], [1, 1, false], [1, 2, false], [1, 30, false],
    [2, 2, true],  [2, 3, true],  [2, 4, true],  [2, 5, false], [3, 5, true],
    [14, 30, false], [15, 30, true], [15, 31, false], [499, 1000, false], [500, 1000, true],
  ])('%i of %i that would notice: %s', (evidence, witnesses, isEnough) => {
    expect(isQuorum(evidence, witnesses)).toBe(isEnough);
  });

  it('one replica is never enough, and more evidence never speaks against', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(5_000), (evidence, witnesses) => {
        expect(isQuorum(Math.min(1, evidence), witnesses)).toBe(false);
        if (isQuorum(evidence, witnesses)) {
          expect(isQuorum(evidence + 1, witnesses + 1)).toBe(true);
          expect(evidence).toBeGreaterThanOrEqual(witnesses / 2);
        }
      }),
    );
  });
});

describe('closingBeats', () => {
  it('lets two close at once, and with each beat as many as there are', () => {
    const beats = Array.from({ length: 33 }, (_, rank) => closingBeats(rank));
    const closed = [0, 1, 2, 3, 4, 5].map((beat) => beats.filter((at) => at <= beat).length);
    expect(closed).toEqual([2, 4, 8, 16, 32, 33]);
  });
});
