import { describe, expect, it } from '@jest/globals';
import type { CircuitState, ClosedState, ForcedOpenState, HalfOpenState, OpenState } from './circuit-state.js';
import { readCircuitOptions, type CircuitSetting } from './circuit.options.js';
import { cooldownOf, nextCircuitState, probesFree, tripReason, type CircuitEvent } from './next-circuit-state.js';
import type { WindowFigures } from './outcome-window.js';

/** Timeout 1 s: a lease is 6 s, the longest stay half-open 24 s. */
const options = (setting?: CircuitSetting) => readCircuitOptions('circuit', setting, 1000, []);
const DEFAULT = options();
const K_OF_N = options({ halfOpenCalls: 3, halfOpenSuccesses: 2 });

const closed = (over: Partial<ClosedState> = {}): ClosedState => ({
  name: 'closed',
  generation: 7,
  sinceMs: 1000,
  openings: 0,
  ...over,
});
const open = (over: Partial<OpenState> = {}): OpenState => ({
  name: 'open',
  generation: 7,
  sinceMs: 1000,
  openings: 1,
  untilMs: 6000,
  reason: 'failures',
  ...over,
});
const halfOpen = (over: Partial<HalfOpenState> = {}): HalfOpenState => ({
  name: 'half_open',
  generation: 7,
  sinceMs: 6000,
  openings: 1,
  probingSinceMs: 6000,
  probes: [],
  nextProbeId: 1,
  successes: 0,
  failures: 0,
  reason: 'failures',
  ...over,
});
const forced = (...names: string[]): ForcedOpenState => ({
  name: 'forced_open',
  generation: 7,
  sinceMs: 1000,
  openings: 2,
  holders: names.map((by) => ({ by, reason: 'maintenance' })),
});
const probe = (id: number, leaseEndsMs = 12_000) => ({ id, leaseEndsMs });
const figures = (over: Partial<WindowFigures> = {}): WindowFigures => ({
  calls: 0,
  failures: 0,
  slow: 0,
  failuresInARow: 0,
  ...over,
});
const bad = figures({ calls: 5, failures: 5, failuresInARow: 5 });
const asked = (nowMs: number): CircuitEvent => ({ type: 'asked', nowMs });
const reported = (nowMs: number, window: WindowFigures, hintMs?: number): CircuitEvent => ({
  type: 'reported',
  nowMs,
  window,
  ...(hintMs !== undefined && { hintMs }),
});
const ended = (probeId: number, verdict: 'success' | 'failure' | 'neutral', nowMs = 7000, hintMs?: number) =>
  ({ type: 'probe_ended', nowMs, probeId, verdict, ...(hintMs !== undefined && { hintMs }) }) as const;

type Case = [
  what: string,
  from: CircuitState,
  event: CircuitEvent,
  to: Partial<CircuitState>,
  setting?: CircuitSetting,
];
type Still = [what: string, state: CircuitState, event: CircuitEvent, setting?: CircuitSetting];

describe('closed (R19, R20)', () => {
  // oxfmt-ignore
  it.each<Case>([
    ['enough failures open it',               closed(), reported(9000, bad), { name: 'open', generation: 8, sinceMs: 9000, openings: 1, untilMs: 14_000, reason: 'failures' }],
    ['a hint lengthens the cool-down',        closed(), reported(9000, bad, 20_000), { untilMs: 29_000 }],
    ['a hint never shortens it',              closed(), reported(9000, bad, 1), { untilMs: 14_000 }],
    ['a hint is cut at the ceiling',          closed(), reported(9000, bad, 1e12), { untilMs: 69_000 }],
    ['classic: a hint is not looked at',      closed(), reported(9000, bad, 1e12), { untilMs: 69_000 }, { ...options('classic') }],
    ['slowness opens it',                     closed(), reported(9000, figures({ calls: 10, slow: 9 })), { name: 'open', reason: 'slow_calls' }, { slowCallMs: 100 }],
    ['soon after closing the cool-down grows', closed({ openings: 2 }), reported(60_999, bad), { openings: 3, untilMs: 80_999 }],
    ['after growthResetMs closed it starts afresh', closed({ openings: 2 }), reported(61_000, bad), { openings: 1, untilMs: 66_000 }],
    ['growthResetMs 0: always afresh',        closed({ openings: 2 }), reported(1000, bad), { openings: 1 }, { growthResetMs: 0 }],
    ['a person holds it open',                closed({ openings: 2 }), { type: 'held', nowMs: 9000, holder: { by: 'ann', reason: 'r' } }, { name: 'forced_open', generation: 8, sinceMs: 9000, openings: 2, holders: [{ by: 'ann', reason: 'r' }] }],
    ['reset forgets growth and late results', closed({ openings: 2 }), { type: 'reset', nowMs: 9000 }, { name: 'closed', generation: 8, sinceMs: 9000, openings: 0 }],
  ])('%s', (_what, from, event, to, setting = {}) => {
    expect(nextCircuitState(from, event, options(setting))).toMatchObject(to);
  });
});

describe('open (R20)', () => {
  // oxfmt-ignore
  it.each<Case>([
    ['at the end of the cool-down: half-open', open({ reason: 'slow_calls' }), asked(6000), { name: 'half_open', generation: 8, sinceMs: 6000, openings: 1, probingSinceMs: undefined, probes: [], nextProbeId: 1, successes: 0, failures: 0, reason: 'slow_calls' }],
    ['long after it, too',                     open(), asked(1e9), { name: 'half_open', sinceMs: 1e9 }],
    ['reset closes it',                        open({ openings: 4 }), { type: 'reset', nowMs: 2000 }, { name: 'closed', generation: 8, openings: 0 }],
    ['a person holds it open',                 open(), { type: 'held', nowMs: 2000, holder: { by: 'ann', reason: 'r' } }, { name: 'forced_open', generation: 8 }],
  ])('%s', (_what, from, event, to, setting = {}) => {
    expect(nextCircuitState(from, event, options(setting))).toMatchObject(to);
  });
});

describe('half-open (R21)', () => {
  // oxfmt-ignore
  it.each<Case>([
    ['a probe takes a slot, with a lease',     halfOpen({ probingSinceMs: undefined }), { type: 'probe_started', nowMs: 6500 }, { generation: 7, probingSinceMs: 6500, probes: [{ id: 1, leaseEndsMs: 12_500 }], nextProbeId: 2 }],
    ['the second keeps the first one\'s start', halfOpen({ probes: [probe(1)], nextProbeId: 2 }), { type: 'probe_started', nowMs: 6500 }, { probingSinceMs: 6000, probes: [probe(1), probe(2, 12_500)], nextProbeId: 3 }, K_OF_N],
    ['success closes it and keeps the growth', halfOpen({ openings: 3, probes: [probe(1)] }), ended(1, 'success'), { name: 'closed', generation: 8, sinceMs: 7000, openings: 3 }],
    ['failure opens it, for longer',           halfOpen({ probes: [probe(1)] }), ended(1, 'failure'), { name: 'open', generation: 8, sinceMs: 7000, openings: 2, untilMs: 17_000, reason: 'probe_failed' }],
    ['failure with a hint: at least that',     halfOpen({ probes: [probe(1)] }), ended(1, 'failure', 7000, 30_000), { untilMs: 37_000 }],
    ['classic: the same cool-down again',      halfOpen({ openings: 9, probes: [probe(1)] }), ended(1, 'failure'), { untilMs: 67_000 }, 'classic'],
    ['neutral gives the slot back',            halfOpen({ probes: [probe(1)], nextProbeId: 2 }), ended(1, 'neutral'), { name: 'half_open', generation: 7, probes: [], successes: 0, failures: 0 }],
    ['1st success of 2 needed',                halfOpen({ probes: [probe(1), probe(2)] }), ended(1, 'success'), { name: 'half_open', probes: [probe(2)], successes: 1 }, K_OF_N],
    ['2nd success closes, a probe still out',  halfOpen({ probes: [probe(2), probe(3)], successes: 1 }), ended(2, 'success'), { name: 'closed' }, K_OF_N],
    ['1st failure of 1 allowed',               halfOpen({ probes: [probe(1)] }), ended(1, 'failure'), { name: 'half_open', failures: 1 }, K_OF_N],
    ['2nd failure opens, a probe still out',   halfOpen({ probes: [probe(2), probe(3)], failures: 1 }), ended(2, 'failure'), { name: 'open' }, K_OF_N],
    ['at the end of its lease a probe loses its slot', halfOpen({ probes: [probe(1)] }), asked(12_000), { name: 'half_open', probes: [] }],
    ['only the one whose lease is over',       halfOpen({ probes: [probe(1, 9000), probe(2)] }), asked(9000), { probes: [probe(2)] }, K_OF_N],
    ['at the end of the longest stay: open',   halfOpen({ probes: [probe(5, 31_000)] }), asked(30_000), { name: 'open', generation: 8, sinceMs: 30_000, openings: 2, untilMs: 40_000, reason: 'no_verdict' }],
    ['reset closes it',                        halfOpen({ openings: 3 }), { type: 'reset', nowMs: 7000 }, { name: 'closed', openings: 0 }],
    ['a person holds it open',                 halfOpen(), { type: 'held', nowMs: 7000, holder: { by: 'ann', reason: 'r' } }, { name: 'forced_open', generation: 8 }],
  ])('%s', (_what, from, event, to, setting = {}) => {
    expect(nextCircuitState(from, event, options(setting))).toMatchObject(to);
  });
});

describe('held open by people', () => {
  // oxfmt-ignore
  it.each<Case>([
    ['a second holder joins',                  forced('ann'), { type: 'held', nowMs: 2000, holder: { by: 'bob', reason: 'r' } }, { generation: 7, sinceMs: 1000, holders: [{ by: 'ann', reason: 'maintenance' }, { by: 'bob', reason: 'r' }] }],
    ['a second holder with the same reason',   forced('ann'), { type: 'held', nowMs: 2000, holder: { by: 'bob', reason: 'maintenance' } }, { holders: [{ by: 'ann', reason: 'maintenance' }, { by: 'bob', reason: 'maintenance' }] }],
    ['a holder may give another reason',       forced('ann'), { type: 'held', nowMs: 2000, holder: { by: 'ann', reason: 'new' } }, { generation: 7, holders: [{ by: 'ann', reason: 'new' }] }],
    ['one of two lets go: still held',         forced('ann', 'bob'), { type: 'released', nowMs: 2000, by: 'ann' }, { name: 'forced_open', generation: 7, holders: [{ by: 'bob', reason: 'maintenance' }] }],
    ['the last lets go: closed, afresh',       forced('ann'), { type: 'released', nowMs: 2000, by: 'ann' }, { name: 'closed', generation: 8, sinceMs: 2000, openings: 0 }],
    ['reset closes it, whoever holds it',      forced('ann', 'bob'), { type: 'reset', nowMs: 2000 }, { name: 'closed', generation: 8, openings: 0 }],
  ])('%s', (_what, from, event, to) => {
    expect(nextCircuitState(from, event, DEFAULT)).toMatchObject(to);
  });
});

describe('nothing changed: the same object back', () => {
  // oxfmt-ignore
  it.each<Still>([
    ['closed, however long',                   closed(), asked(1e12)],
    ['closed, too few failures',               closed(), reported(9000, figures({ calls: 4, failures: 4 }))],
    ['closed, a probe ended',                  closed(), ended(1, 'failure')],
    ['closed, a probe started',                closed(), { type: 'probe_started', nowMs: 9000 }],
    ['closed, somebody lets go',               closed(), { type: 'released', nowMs: 9000, by: 'ann' }],
    ['open, just before the end',              open(), asked(5999.999)],
    ['open, a late result',                    open(), reported(5000, bad)],
    ['open, a late probe',                     open(), ended(1, 'success')],
    ['half-open, no slot free',                halfOpen({ probes: [probe(1)] }), { type: 'probe_started', nowMs: 7000 }],
    ['half-open, slots used by verdicts',      halfOpen({ successes: 1, failures: 1, probes: [probe(3)] }), { type: 'probe_started', nowMs: 7000 }, K_OF_N],
    ['half-open, a late result',               halfOpen({ probes: [probe(1)] }), reported(7000, bad)],
    ['half-open, an unknown probe',            halfOpen({ probes: [probe(1)] }), ended(2, 'success')],
    ['half-open, just before the lease ends',  halfOpen({ probes: [probe(1)] }), asked(11_999.999)],
    ['half-open, just before the longest stay', halfOpen({ probes: [probe(5, 31_000)] }), asked(29_999.999)],
    ['half-open, never probed, however long',  halfOpen({ probingSinceMs: undefined }), asked(1e12)],
    ['held, however long',                     forced('ann'), asked(1e12)],
    ['held, an unknown name lets go',          forced('ann'), { type: 'released', nowMs: 2000, by: 'bob' }],
    ['held, the same again',                   forced('ann', 'bob'), { type: 'held', nowMs: 2000, holder: { by: 'ann', reason: 'maintenance' } }],
    ['held, results of any kind',              forced('ann'), reported(2000, bad)],
    ['held, a late probe',                     forced('ann'), ended(1, 'success')],
  ])('%s', (_what, state, event, setting = {}) => {
    expect(nextCircuitState(state, event, options(setting))).toBe(state);
  });
});

describe('tripReason (R20)', () => {
  // oxfmt-ignore
  it.each<[what: string, setting: CircuitSetting, window: Partial<WindowFigures>, reason: string | undefined]>([
    ['one failure too few',            {},                                            { calls: 4, failures: 4 },            undefined],
    ['at the threshold',               {},                                            { calls: 5, failures: 5 },            'failures'],
    ['a single call at the threshold', { failureThreshold: 1 },                       { calls: 1, failures: 1 },            'failures'],
    ['share below 0.9',                {},                                            { calls: 56, failures: 50 },          undefined],
    ['share at 0.9',                   {},                                            { calls: 50, failures: 45 },          'failures'],
    ['share of 100 % is legal',        { failureRatio: 1 },                           { calls: 5, failures: 5 },            'failures'],
    ['share of 100 %, one success',    { failureRatio: 1 },                           { calls: 100, failures: 99 },         undefined],
    ['share at 0.28, 7 of 25',         { failureRatio: 0.28 },                        { calls: 25, failures: 7 },           'failures'],
    ['share at 0.55, 55 of 100',       { failureRatio: 0.55 },                        { calls: 100, failures: 55 },         'failures'],
    ['share just below 0.28',          { failureRatio: 0.28 },                        { calls: 26, failures: 7 },           undefined],
    ['classic looks at no share',      'classic',                                     { calls: 10_000, failures: 5 },       'failures'],
    ['below the minimum of calls',     { failureThreshold: 1, minimumCalls: 10 },     { calls: 9, failures: 9 },            undefined],
    ['at the minimum of calls',        { failureThreshold: 1, minimumCalls: 10 },     { calls: 10, failures: 9 },           'failures'],
    ['run: too short',                 { window: 'run', failureThreshold: 3 },        { failuresInARow: 2, failures: 50, calls: 50 }, undefined],
    ['run: long enough',               { window: 'run', failureThreshold: 3 },        { failuresInARow: 3, calls: 1000 },   'failures'],
    ['slow: speed does not count',     {},                                            { calls: 100, slow: 100 },            undefined],
    ['slow: too few calls',            { slowCallMs: 10 },                            { calls: 9, slow: 9 },                undefined],
    ['slow: share at 0.9',             { slowCallMs: 10 },                            { calls: 10, slow: 9 },               'slow_calls'],
    ['slow: share below 0.9',          { slowCallMs: 10 },                            { calls: 100, slow: 89 },             undefined],
    ['slow: share of 100 % is legal',  { slowCallMs: 10, slowCallRatio: 1 },          { calls: 10, slow: 10 },              'slow_calls'],
    ['slow: share at 0.28',            { slowCallMs: 10, slowCallRatio: 0.28 },       { calls: 25, slow: 7 },               'slow_calls'],
    ['slow in a run window, too',      { window: 'run', slowCallMs: 10 },             { calls: 10, slow: 10 },              'slow_calls'],
    ['failures are named before slow', { slowCallMs: 10 },                            { calls: 10, failures: 10, slow: 10 }, 'failures'],
    ['nothing happened',               'classic',                                     {},                                   undefined],
  ])('%s', (_what, setting, window, reason) => {
    expect(tripReason(figures(window), options(setting))).toBe(reason);
  });
});

describe('cooldownOf (R20, R21)', () => {
  // oxfmt-ignore
  it.each<[openings: number, hintMs: number | undefined, setting: CircuitSetting, ms: number]>([
    [1,      undefined, {},                                                 5000],
    [2,      undefined, {},                                                 10_000],
    [4,      undefined, {},                                                 40_000],
    [5,      undefined, {},                                                 60_000],
    [100_000, undefined, {},                                                60_000],
    [Number.MAX_SAFE_INTEGER, undefined, {},                                60_000],
    [1,      30_000,    {},                                                 30_000],
    [3,      7,         {},                                                 20_000],
    [1,      30_000,    { cooldownFromFailure: false },                     5000],
    [7,      undefined, 'classic',                                          60_000],
    [3,      undefined, { cooldownFactor: 1 },                              5000],
    [3,      undefined, { cooldownMs: 100, cooldownFactor: 3, maxCooldownMs: 800 }, 800],
    [1,      undefined, { cooldownMs: 90_000 },                             90_000],
  ])('opening %i, hint %s, %j: %i ms', (openings, hintMs, setting, ms) => {
    expect(cooldownOf(openings, hintMs, options(setting))).toBe(ms);
  });
});

describe('probesFree', () => {
  it.each([
    ['fresh', {}, 3],
    ['one under way', { probes: [probe(1)] }, 2],
    ['verdicts use slots up', { successes: 1, failures: 1 }, 1],
    ['all used', { probes: [probe(2)], successes: 1, failures: 1 }, 0],
  ])('%s', (_what, over, free) => {
    expect(probesFree(halfOpen(over), K_OF_N)).toBe(free);
  });
});
