import { describe, expect, it } from '@jest/globals';
import { FAILURE_KINDS } from '../failure/failure.js';
import {
  probeWaitsOf,
  readAccountOptions,
  type AccountOptions,
  type ResolvedAccountOptions,
} from './account.options.js';

function read(given: unknown) {
  const issues: string[] = [];
  return { options: readAccountOptions('accountStop', given, issues), issues };
}

const waits = (probeAfterMs: number, maxProbeAfterMs: number) => ({ probeAfterMs, maxProbeAfterMs });
const DEFAULTS: ResolvedAccountOptions = {
  authentication: waits(5000, 60_000),
  others: waits(60_000, 600_000),
  probeLeaseMs: 60_000,
};

describe('accountStop (R4)', () => {
  // oxfmt-ignore
  it.each<[what: string, given: AccountOptions | undefined, over: Partial<ResolvedAccountOptions>]>([
    ['nothing',                          undefined,                          {}],
    ['an empty object',                  {},                                 {}],
    ['one wait for all kinds',           { probeAfterMs: 10_000 },           { authentication: waits(10_000, 60_000), others: waits(10_000, 600_000) }],
    ['a long wait lifts the ceiling',    { probeAfterMs: 90_000 },           { authentication: waits(90_000, 90_000), others: waits(90_000, 600_000) }],
    ['a low ceiling lowers the wait',    { maxProbeAfterMs: 30_000 },        { authentication: waits(5000, 30_000), others: waits(30_000, 30_000) }],
    ['both',                             { probeAfterMs: 7, maxProbeAfterMs: 7 }, { authentication: waits(7, 7), others: waits(7, 7) }],
    ['the lease',                        { probeLeaseMs: 1 },                { probeLeaseMs: 1 }],
  ])('%s', (_what, given, over) => {
    const { options, issues } = read(given);
    expect(issues).toEqual([]);
    expect(options).toEqual({ ...DEFAULTS, ...over });
    expect(Object.isFrozen(options)).toBe(true);
  });

  it('false switches it off', () => {
    expect(read(false)).toEqual({ options: false, issues: [] });
  });

  it.each<[given: unknown, issue: string]>([
    [true, 'accountStop: false, or an object of options, got true'],
    ['off', 'accountStop: false, or an object of options, got "off"'],
    [[], 'accountStop: an object, got a list of 0'],
    [{ probeAfterMs: 0 }, 'accountStop.probeAfterMs: milliseconds, above 0, got 0'],
    [{ maxProbeAfterMs: -1 }, 'accountStop.maxProbeAfterMs: milliseconds, above 0, got -1'],
    [{ probeAfterMs: 9, maxProbeAfterMs: 8 }, 'accountStop.maxProbeAfterMs: milliseconds, at least 9, got 8'],
    [{ probeLeaseMs: Infinity }, 'accountStop.probeLeaseMs: milliseconds, above 0, got Infinity'],
    [
      { probeAfter: 5 },
      'accountStop.probeAfter: unknown option; known here: maxProbeAfterMs, probeAfterMs, probeLeaseMs',
    ],
  ])('%j is said once', (given, issue) => {
    expect(read(given)).toEqual({ options: expect.objectContaining({ probeLeaseMs: 60_000 }), issues: [issue] });
  });
});

describe('probeWaitsOf', () => {
  it('is quicker only where a valid key may have been refused', () => {
    expect(FAILURE_KINDS.filter((kind) => probeWaitsOf(kind, DEFAULTS) === DEFAULTS.authentication)).toEqual([
      'authentication',
    ]);
    expect(probeWaitsOf('billing', DEFAULTS)).toBe(DEFAULTS.others);
    expect(probeWaitsOf('permission', DEFAULTS)).toBe(DEFAULTS.others);
  });
});
