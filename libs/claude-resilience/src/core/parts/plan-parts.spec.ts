import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Excess } from './excess.js';
import { MIN_PART_CHARACTERS, planParts, type PlanLimits } from './plan-parts.js';
import { splitText } from './split-text.js';

const LIMITS: PlanLimits = { maxParts: 32, overlapCharacters: 0 };
const UNKNOWN: Excess = { by: 'unknown' };
const tokens = (got: number, allowed: number): Excess => ({ by: 'tokens', got, allowed });

describe('planParts (R5)', () => {
  it.each<[string, number, Excess, number]>([
    ['halves, if nothing is known', 10_000, UNKNOWN, 2],
    ['halves, if it was a little too long', 1_000_000, tokens(209_000, 200_000), 2],
    ['as many as there are windows, and some more', 4_000_000, tokens(1_000_000, 200_000), 7],
    ['by bytes', 100_000_000, { by: 'bytes', got: 104_857_600, allowed: 33_554_432 }, 4],
  ])('%s', (_what, characters, excess, parts) => {
    expect(planParts(characters, excess, LIMITS)).toMatchObject({ status: 'split', parts });
  });

  it.each<[string, number, Excess, Partial<PlanLimits>, string]>([
    ['a short text', MIN_PART_CHARACTERS, UNKNOWN, {}, 'part_is_minimal'],
    ['more parts than allowed', 1_000_000, tokens(8_000_000, 200_000), {}, 'too_many_parts'],
    ['no parts allowed', 1_000_000, UNKNOWN, { maxParts: 1 }, 'too_many_parts'],
    ['no room at all', 1_000_000, tokens(8_000_000, 0), {}, 'too_many_parts'],
  ])('refuses: %s', (_what, characters, excess, limits, reason) => {
    expect(planParts(characters, excess, { ...LIMITS, ...limits })).toEqual({ status: 'stop', reason });
  });

  it('what it allows always makes smaller parts, of at least the margin below what is allowed', () => {
    const excesses = fc.oneof(
      fc.constant(UNKNOWN),
      fc.tuple(fc.integer({ min: 1, max: 1e7 }), fc.integer({ min: 0, max: 1e7 })).map(([a, b]) => tokens(a, b)),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5_000 }),
        excesses,
        fc.nat(2_000),
        (characters, excess, overlapCharacters) => {
          const plan = planParts(characters, excess, { maxParts: 32, overlapCharacters });
          if (plan.status === 'stop') return;
          const { maxCharacters } = plan;
          expect(maxCharacters).toBeGreaterThanOrEqual(1);
          expect(maxCharacters).toBeLessThan(characters);
          if (excess.by !== 'unknown') expect(maxCharacters).toBeLessThanOrEqual(0.8 * characters * Math.min(1, excess.allowed / excess.got)); // oxfmt-ignore
          const parts = splitText('word '.repeat(characters / 5), { maxCharacters, overlapCharacters });
          for (const part of parts) expect(part.length).toBeLessThan(characters);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
