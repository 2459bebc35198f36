import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { probePatienceMs } from './probe-patience.js';

const OPTIONS = { probeIntervalMs: 38_000, probeLeaseMs: 605_000, maxSilentProbes: 16 };

describe('probePatienceMs (issue 9)', () => {
  // oxfmt-ignore
  it.each<[what: string, patienceMs: number, asked: readonly [isUnderWay: boolean, coolDownMs: number, place: number], over?: object]>([
    ['the first',                      6_000,   [false, 5_000, 0]],
    ['the second, a step later',       11_000,  [false, 5_000, 1]],
    ['two more',                       16_000,  [false, 5_000, 2]],
    ['two more',                       16_000,  [false, 5_000, 3]],
    ['the last of thirty',             31_000,  [false, 5_000, 29]],
    ['the last of a thousand',         56_000,  [false, 5_000, 999]],
    ['a quiet feature: rarer',         15_000,  [false, 60_000, 0]],
    ['and steps of half a cool-down',  45_000,  [false, 60_000, 1]],
    ['a silent probe is replaced',     44_000,  [true, 5_000, 0]],
    ['or waited for, where it must be', 611_000, [true, 5_000, 0], { maxSilentProbes: 0 }],
  ])('%s: %i ms', (_what, patienceMs, [isUnderWay, coolDownMs, place], over = {}) => {
    expect(probePatienceMs({ ...OPTIONS, ...over }, isUnderWay, coolDownMs, place)).toBe(patienceMs);
  });

  it('always ends', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.nat(600_000), fc.nat(10_000), (isUnderWay, coolDownMs, place) => {
        const patienceMs = probePatienceMs(OPTIONS, isUnderWay, coolDownMs, place);
        expect(patienceMs).toBeGreaterThan(0);
        expect(patienceMs).toBeLessThan(Infinity);
      }),
    );
  });
});
