import { describe, expect, it } from '@jest/globals';
import {
  mergeCircuitSettings,
  readCircuitOptions,
  type CircuitOptions,
  type CircuitSetting,
  type ResolvedCircuitOptions,
} from './circuit.options.js';

const TIMEOUT_MS = 60_000;

function read(given: unknown, timeoutMs = TIMEOUT_MS) {
  const issues: string[] = [];
  return { options: readCircuitOptions('circuit', given, timeoutMs, issues), issues };
}

const DEFAULTS: ResolvedCircuitOptions = {
  mode: 'enforce',
  window: 'time',
  failureWindowMs: 30_000,
  windowCalls: 100,
  windowMs: 60_000,
  failureThreshold: 5,
  failureRatio: 0.9,
  minimumCalls: 1,
  slowCallMs: false,
  slowCallRatio: 0.9,
  slowMinimumCalls: 10,
  outageFailures: 15,
  outageMs: 2_000,
  whenOpen: 'wait',
  cooldownMs: 5000,
  cooldownFactor: 2,
  maxCooldownMs: 60_000,
  probeShareCalls: 25,
  cooldownFromFailure: true,
  growthResetMs: 60_000,
  halfOpenCalls: 1,
  halfOpenSuccesses: 1,
  probeIntervalMs: 5000,
  maxSilentProbes: 16,
  probeLeaseMs: 65_000,
  maxHalfOpenMs: 260_000,
};

describe('defaults (R19-R21)', () => {
  it.each<[what: string, given: CircuitSetting | undefined, over: Partial<ResolvedCircuitOptions>]>([
    ['nothing', undefined, {}],
    ['an empty object', {}, {}],
    ['adaptive', 'adaptive', {}],
    [
      'classic',
      'classic',
      {
        failureRatio: 0,
        outageFailures: Infinity,
        whenOpen: 'refuse',
        cooldownMs: 60_000,
        cooldownFactor: 1,
        probeShareCalls: false,
        cooldownFromFailure: false,
        maxSilentProbes: 0,
        probeIntervalMs: 65_000,
      },
    ],
    ['false', false, { mode: 'disabled' }],
    ['more probes: all must succeed', { halfOpenCalls: 4 }, { halfOpenCalls: 4, halfOpenSuccesses: 4 }],
    [
      'a longer cool-down lifts the ceiling',
      { cooldownMs: 90_000 },
      { cooldownMs: 90_000, maxCooldownMs: 90_000, probeIntervalMs: 90_000 },
    ],
    [
      'a long lease spaces silent probes',
      { probeLeaseMs: 160_000 },
      { probeLeaseMs: 160_000, maxHalfOpenMs: 640_000, probeIntervalMs: 10_000 },
    ],
    ['so do few places', { maxSilentProbes: 2 }, { maxSilentProbes: 2, probeIntervalMs: 32_500 }],
    ['the lease sets the longest stay', { probeLeaseMs: 70_000 }, { probeLeaseMs: 70_000, maxHalfOpenMs: 280_000 }],
  ])('%s', (_what, given, over) => {
    const { options, issues } = read(given);
    expect(issues).toEqual([]);
    expect(options).toEqual({ ...DEFAULTS, ...over });
    expect(Object.isFrozen(options)).toBe(true);
  });

  it('an explicit undefined is the default', () => {
    const names = Object.keys(DEFAULTS) as (keyof CircuitOptions)[];
    const { options, issues } = read(Object.fromEntries(names.map((name) => [name, undefined])));
    expect(issues).toEqual([]);
    expect(options).toEqual(DEFAULTS);
  });

  it.each([
    [1000, 6000, 24_000],
    [0.5, 5000.5, 20_002],
  ])('a timeout of %d ms gives a lease of %d ms', (timeoutMs, probeLeaseMs, maxHalfOpenMs) => {
    expect(read({}, timeoutMs).options).toMatchObject({ probeLeaseMs, maxHalfOpenMs });
  });
});

describe('legal at the edge', () => {
  it.each<[name: keyof CircuitOptions, value: unknown]>([
    ['failureRatio', 0],
    ['failureRatio', 1],
    ['slowCallRatio', 1],
    ['growthResetMs', 0],
    ['failureThreshold', 1],
    ['windowCalls', 100_000],
    ['cooldownFactor', 1],
    ['maxCooldownMs', 5000],
    ['probeShareCalls', 1],
    ['probeShareCalls', false],
    ['probeLeaseMs', TIMEOUT_MS],
    ['maxHalfOpenMs', 65_000],
    ['slowCallMs', 1],
    ['slowCallMs', false],
    ['failureWindowMs', 0.001],
    ['probeIntervalMs', 0.001],
    ['maxSilentProbes', 0],
    ['maxSilentProbes', 100],
  ])('%s %p', (name, value) => {
    const { options, issues } = read({ [name]: value });
    expect(issues).toEqual([]);
    expect(options).toMatchObject({ [name]: value });
  });

  it.each<[what: string, given: CircuitOptions]>([
    ['a count window as long as its threshold', { window: 'count', windowCalls: 5 }],
    ['a count window of one call', { window: 'count', windowCalls: 1, failureThreshold: 1 }],
    ['a short count that nobody looks at', { window: 'time', windowCalls: 1 }],
    ['a lease and a stay as short as can be', { probeLeaseMs: TIMEOUT_MS, maxHalfOpenMs: TIMEOUT_MS }],
  ])('%s', (_what, given) => {
    const { options, issues } = read(given);
    expect(issues).toEqual([]);
    expect(options).toMatchObject(given);
  });
});

describe('every bad field is named, with its value and what is allowed', () => {
  // oxfmt-ignore
  it.each<[given: unknown, issue: string]>([
    [{ mode: 'on' },                     'circuit.mode: one of "enforce", "observe", "disabled", got "on"'],
    [{ window: 'calls' },                'circuit.window: one of "time", "count", "run", got "calls"'],
    [{ failureWindowMs: 0 },             'circuit.failureWindowMs: milliseconds, above 0, got 0'],
    [{ windowCalls: 100_001 },           'circuit.windowCalls: an integer, at least 1, at most 100000, got 100001'],
    [{ windowMs: -1 },                   'circuit.windowMs: milliseconds, above 0, got -1'],
    [{ failureThreshold: 0 },            'circuit.failureThreshold: an integer, at least 1, got 0'],
    [{ failureRatio: 90 },               'circuit.failureRatio: a ratio, at least 0, at most 1, got 90'],
    [{ minimumCalls: 0.5 },              'circuit.minimumCalls: an integer, at least 1, got 0.5'],
    [{ slowCallMs: 0 },                  'circuit.slowCallMs: milliseconds, above 0, got 0'],
    [{ slowCallMs: true },               'circuit.slowCallMs: milliseconds, above 0, got true'],
    [{ slowCallRatio: 0 },               'circuit.slowCallRatio: a ratio, above 0, at most 1, got 0'],
    [{ slowMinimumCalls: '9' },          'circuit.slowMinimumCalls: an integer, at least 1, got "9"'],
    [{ cooldownMs: 0 },                  'circuit.cooldownMs: milliseconds, above 0, got 0'],
    [{ cooldownFactor: 0.9 },            'circuit.cooldownFactor: a number, at least 1, got 0.9'],
    [{ maxCooldownMs: 4999 },            'circuit.maxCooldownMs: milliseconds, at least 5000, got 4999'],
    [{ probeShareCalls: 0 },             'circuit.probeShareCalls: an integer, at least 1, got 0'],
    [{ probeShareCalls: 2.5 },           'circuit.probeShareCalls: an integer, at least 1, got 2.5'],
    [{ probeShareCalls: true },          'circuit.probeShareCalls: an integer, at least 1, got true'],
    [{ cooldownFromFailure: 'yes' },     'circuit.cooldownFromFailure: one of true, false, got "yes"'],
    [{ growthResetMs: NaN },             'circuit.growthResetMs: milliseconds, at least 0, got NaN'],
    [{ halfOpenCalls: 0 },               'circuit.halfOpenCalls: an integer, at least 1, at most 1000, got 0'],
    [{ halfOpenSuccesses: 2 },           'circuit.halfOpenSuccesses: an integer, at least 1, at most 1, got 2'],
    [{ halfOpenFailureRatio: 0 },        'circuit.halfOpenFailureRatio: a ratio, above 0, at most 1, got 0'],
    [{ halfOpenSuccesses: 1, halfOpenFailureRatio: 0.5 }, 'circuit.halfOpenFailureRatio: nothing beside halfOpenSuccesses: name one of the two, got 0.5'],
    [{ probeIntervalMs: 0 },             'circuit.probeIntervalMs: milliseconds, above 0, got 0'],
    [{ probeIntervalMs: 'never' },       'circuit.probeIntervalMs: milliseconds, above 0, got "never"'],
    [{ maxSilentProbes: -1 },            'circuit.maxSilentProbes: an integer, at least 0, at most 100, got -1'],
    [{ maxSilentProbes: 101 },           'circuit.maxSilentProbes: an integer, at least 0, at most 100, got 101'],
    [{ probeLeaseMs: 59_999 },           'circuit.probeLeaseMs: milliseconds, at least 60000, got 59999'],
    [{ maxHalfOpenMs: 64_999 },          'circuit.maxHalfOpenMs: milliseconds, at least 65000, got 64999'],
    [{ window: 'count', windowCalls: 4 }, 'circuit.windowCalls: at least 5, or a threshold is never reached, got 4'],
    [{ window: 'count', windowCalls: 19, minimumCalls: 20 }, 'circuit.windowCalls: at least 20, or a threshold is never reached, got 19'],
    [{ window: 'count', windowCalls: 9, slowCallMs: 1 }, 'circuit.windowCalls: at least 10, or a threshold is never reached, got 9'],
    ['modern',                           'circuit: \'adaptive\', \'classic\', false, or an object of options, got "modern"'],
    [true,                               "circuit: 'adaptive', 'classic', false, or an object of options, got true"],
    [null,                               'circuit: an object, got null'],
    [5,                                  'circuit: an object, got 5'],
    ['sk-ant-api03-AAAAAAAAAAAAAAAAAAAA', "circuit: 'adaptive', 'classic', false, or an object of options, got a text of 33 characters"],
  ])('%j', (given, issue) => {
    expect(read(given).issues).toEqual([issue]);
  });

  it('an unknown option, too', () => {
    const { issues } = read({ treshold: 5, failureThreshold: 0 });
    expect(issues).toHaveLength(2);
    expect(issues[1]).toMatch(/^circuit\.treshold: unknown option; known here: cooldownFactor, .*, windowMs$/);
  });
});

describe('halfOpenFailureRatio: closes if fewer than this share failed', () => {
  it.each([
    [10, 0.5, 6],
    [10, 0.51, 5],
    [10, 1, 1],
    [10, 0.01, 10],
    [1, 0.5, 1],
    [3, 0.34, 2],
    [25, 0.28, 19],
    [100, 0.55, 46],
    [100, 0.07, 94],
    [1000, 1, 1],
  ])('%i probes, %d: %i successes needed', (halfOpenCalls, halfOpenFailureRatio, successes) => {
    const { options, issues } = read({ halfOpenCalls, halfOpenFailureRatio });
    expect(issues).toEqual([]);
    expect(options.halfOpenSuccesses).toBe(successes);
  });
});

describe("a feature's own setting over the shared one", () => {
  it.each<[shared: unknown, own: unknown, over: Partial<ResolvedCircuitOptions>]>([
    ['classic', 'adaptive', {}],
    ['adaptive', undefined, {}],
    ['adaptive', { failureThreshold: 9 }, { failureThreshold: 9 }],
    [{ failureThreshold: 9 }, 'adaptive', {}],
    [false, 'adaptive', {}],
    ['adaptive', false, { mode: 'disabled' }],
    [undefined, 'adaptive', {}],
  ])('%j, then %j', (shared, own, over) => {
    const { options, issues } = read(mergeCircuitSettings(shared, own));
    expect(issues).toEqual([]);
    expect(options).toEqual({ ...DEFAULTS, ...over });
  });
});
