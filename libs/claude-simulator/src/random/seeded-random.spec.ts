import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Identifiers } from './identifiers.js';
import { seededRandom } from './seeded-random.js';

const take = (count: number, draw: () => number): readonly number[] => Array.from({ length: count }, draw);

describe('seededRandom', () => {
  it('repeats itself for the same seed and topic, and only for them', () => {
    const sequence = take(20, seededRandom(7, 'faults', 0));
    expect(take(20, seededRandom(7, 'faults', 0))).toEqual(sequence);
    expect(take(20, seededRandom(8, 'faults', 0))).not.toEqual(sequence);
    expect(take(20, seededRandom(7, 'faults', 1))).not.toEqual(sequence);
  });

  it('stays within [0, 1) for any seed', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) =>
        take(50, seededRandom(seed)).every((value) => value >= 0 && value < 1),
      ),
    );
  });

  it('is spread evenly', () => {
    const values = take(10_000, seededRandom(1));
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.5, 1);
    expect(values.filter((value) => value < 0.1).length / values.length).toBeCloseTo(0.1, 1);
  });
});

describe('Identifiers', () => {
  it('look like those of the API and never repeat', () => {
    const identifiers = new Identifiers(1);
    const ids = Array.from({ length: 1_000 }, () => identifiers.next('req'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^req_01[1-9A-HJ-NP-Za-km-z]{22}$/);
  });

  it('are the same for the same seed', () => {
    expect(new Identifiers(5).next('msg')).toBe(new Identifiers(5).next('msg'));
  });
});
