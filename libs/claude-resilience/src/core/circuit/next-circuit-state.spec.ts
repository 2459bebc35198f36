import { describe, expect, it } from '@jest/globals';
import type { CircuitEvent, CoolDownFacts } from './circuit-event.js';
import type {
  CircuitState,
  ClosedState,
  ForcedClosedState,
  ForcedOpenState,
  HalfOpenState,
  OpenState,
  Probe,
} from './circuit-state.js';
import { readCircuitOptions, type CircuitSetting } from './circuit.options.js';
import { cooldownOf } from './cool-down.js';
import { nextCircuitState } from './next-circuit-state.js';
import type { WindowFigures } from './outcome-window.js';
import { probesFree } from './probing.js';
import { tripReason } from './trip-reason.js';

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
  lastProbeMs: 6000,
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
  overruled: [],
});
const forcedClosed = (...names: string[]): ForcedClosedState => ({
  name: 'forced_closed',
  generation: 7,
  sinceMs: 1000,
  openings: 2,
  holders: names.map((by) => ({ by, reason: 'verified' })),
});
const person = (by: string, untilMs?: number, reason = 'r') => ({
  by,
  reason,
  ...(untilMs !== undefined && { untilMs }),
});
const hold = (as: 'open' | 'closed', by: string, untilMs?: number, reason?: string): CircuitEvent => ({
  type: 'held',
  nowMs: 2000,
  as,
  holder: person(by, untilMs, reason),
});
const start = (nowMs: number): CircuitEvent => ({ type: 'probe_started', nowMs });
const silentProbe = (id: number, leaseEndsMs = 12_000): Probe => ({ id, leaseEndsMs, slot: 'handed_on' });
const probe = (id: number, leaseEndsMs = 12_000): Probe => ({ id, leaseEndsMs, slot: 'held' });
const figures = (over: Partial<WindowFigures> = {}): WindowFigures => ({
  calls: 0,
  failures: 0,
  slow: 0,
  failuresInARow: 0,
  rowMs: 0,
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
    ['a person holds it open',                closed({ openings: 2 }), { type: 'held', as: 'open', nowMs: 9000, holder: { by: 'ann', reason: 'r' } }, { name: 'forced_open', generation: 8, sinceMs: 9000, openings: 2, holders: [{ by: 'ann', reason: 'r' }] }],
    ['reset forgets growth and late results', closed({ openings: 2 }), { type: 'reset', nowMs: 9000 }, { name: 'closed', generation: 8, sinceMs: 9000, openings: 0 }],
  ])('%s', (_what, from, event, to, setting = {}) => {
    expect(nextCircuitState(from, event, options(setting))).toMatchObject(to);
  });
});

describe('open (R20)', () => {
  // oxfmt-ignore
  it.each<Case>([
    ['at the end of the cool-down: half-open', open({ reason: 'slow_calls' }), asked(6000), { name: 'half_open', generation: 8, sinceMs: 6000, openings: 1, probingSinceMs: undefined, lastProbeMs: undefined, probes: [], nextProbeId: 1, successes: 0, failures: 0, reason: 'slow_calls' }],
    ['long after it, too',                     open(), asked(1e9), { name: 'half_open', sinceMs: 1e9 }],
    ['reset closes it',                        open({ openings: 4 }), { type: 'reset', nowMs: 2000 }, { name: 'closed', generation: 8, openings: 0 }],
    ['a person holds it open',                 open(), { type: 'held', as: 'open', nowMs: 2000, holder: { by: 'ann', reason: 'r' } }, { name: 'forced_open', generation: 8 }],
  ])('%s', (_what, from, event, to, setting = {}) => {
    expect(nextCircuitState(from, event, options(setting))).toMatchObject(to);
  });
});

describe('half-open (R21)', () => {
  // oxfmt-ignore
  it.each<Case>([
    ['a probe takes a slot, with a lease',     halfOpen({ probingSinceMs: undefined }), { type: 'probe_started', nowMs: 6500 }, { generation: 7, probingSinceMs: 6500, lastProbeMs: 6500, probes: [probe(1, 12_500)], nextProbeId: 2 }],
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
    ['a person holds it open',                 halfOpen(), { type: 'held', as: 'open', nowMs: 7000, holder: { by: 'ann', reason: 'r' } }, { name: 'forced_open', generation: 8 }],
  ])('%s', (_what, from, event, to, setting = {}) => {
    expect(nextCircuitState(from, event, options(setting))).toMatchObject(to);
  });
});

describe('half-open with silent probes (R21)', () => {
  // oxfmt-ignore
  it.each<Case>([
    ['after the interval the oldest hands its slot on', halfOpen({ probes: [probe(1)], nextProbeId: 2 }), start(11_000), { probes: [silentProbe(1), probe(2, 17_000)], nextProbeId: 3, lastProbeMs: 11_000, probingSinceMs: 6000 }],
    ['of several, the oldest that has one',   halfOpen({ probes: [silentProbe(1), probe(2), probe(3), probe(4)], nextProbeId: 5 }), start(11_000), { probes: [silentProbe(1), silentProbe(2), probe(3), probe(4), probe(5, 17_000)] }, K_OF_N],
    ['a free slot is taken first',            halfOpen({ probes: [silentProbe(1)], nextProbeId: 2 }), start(6001), { probes: [silentProbe(1), probe(2, 12_001)] }],
    ['the interval counts from the newest',   halfOpen({ probes: [silentProbe(1), probe(2)], nextProbeId: 3, lastProbeMs: 8000 }), start(13_000), { probes: [silentProbe(1), silentProbe(2), probe(3, 19_000)] }],
    ['it does not grow with the openings',    halfOpen({ openings: 9, probes: [probe(1)] }), start(11_000), { probes: [silentProbe(1), probe(1, 17_000)] }],
    ['an interval of their own',              halfOpen({ probes: [probe(1)] }), start(7000), { probes: [silentProbe(1), probe(1, 13_000)] }, { probeIntervalMs: 1000 }],
    ['a silent one succeeds: closed',         halfOpen({ probes: [silentProbe(1), probe(2)] }), ended(1, 'success'), { name: 'closed' }],
    ['a silent one fails: its place is free', halfOpen({ probes: [silentProbe(1), probe(2)] }), ended(1, 'failure'), { name: 'half_open', generation: 7, failures: 0, probes: [probe(2)] }],
    ['a silent one is neutral: the same',     halfOpen({ probes: [silentProbe(1), probe(2)] }), ended(1, 'neutral'), { name: 'half_open', probes: [probe(2)] }],
    ['the one in the slot fails: open',       halfOpen({ probes: [silentProbe(1), probe(2)] }), ended(2, 'failure'), { name: 'open', openings: 2 }],
    ['the one in the slot is neutral: a slot', halfOpen({ probes: [silentProbe(1), probe(2)] }), ended(2, 'neutral'), { name: 'half_open', probes: [silentProbe(1)], probingSinceMs: 6000 }],
    ['a silent success counts as one of k',   halfOpen({ probes: [silentProbe(1), probe(2), probe(3), probe(4)] }), ended(1, 'success'), { name: 'half_open', successes: 1 }, K_OF_N],
    ['the lease of a silent one ends',        halfOpen({ probes: [silentProbe(1, 9000), probe(2)] }), asked(9000), { probes: [probe(2)] }],
    ['the longest stay ends it with all of them', halfOpen({ probes: [silentProbe(1, 31_000), probe(2, 31_000)] }), asked(30_000), { name: 'open', reason: 'no_verdict' }],
  ])('%s', (_what, from, event, to, setting = {}) => {
    expect(nextCircuitState(from, event, options(setting))).toMatchObject(to);
  });

  // oxfmt-ignore
  it.each<Still>([
    ['just before the interval is over',      halfOpen({ probes: [probe(1)] }), start(10_999.999)],
    ['the second further one, too early',     halfOpen({ probes: [silentProbe(1), probe(2)], lastProbeMs: 8000 }), start(12_999)],
    ['as many as may be are silent',          halfOpen({ probes: [silentProbe(1), probe(2)] }), start(11_999), { maxSilentProbes: 1, probeIntervalMs: 1 }],
    ['none may be',                           halfOpen({ probes: [probe(1)] }), start(11_999), { maxSilentProbes: 0, probeIntervalMs: 1 }],
    ['classic',                               halfOpen({ probes: [probe(1, 1e9)] }), start(1e8), 'classic'],
  ])('no further probe: %s', (_what, state, event, setting = {}) => {
    expect(nextCircuitState(state, event, options(setting))).toBe(state);
  });
});

describe('held by people: kinds and ends', () => {
  const LONG_NAME = 'n'.repeat(101);
  // oxfmt-ignore
  it.each<Case>([
    ['closed, held closed',                   closed({ openings: 2 }), hold('closed', 'ann'), { name: 'forced_closed', generation: 8, sinceMs: 2000, openings: 2, holders: [person('ann')] }],
    ['open, held closed',                     open(), hold('closed', 'ann'), { name: 'forced_closed' }],
    ['half-open, held closed',                halfOpen(), hold('closed', 'ann'), { name: 'forced_closed' }],
    ['held closed, another joins',            forcedClosed('ann'), hold('closed', 'bob'), { generation: 7, sinceMs: 1000, holders: [{ by: 'ann' }, { by: 'bob' }] } as object],
    ['held closed, open beats it',            forcedClosed('ann'), hold('open', 'bob'), { name: 'forced_open', generation: 8, sinceMs: 2000, holders: [person('bob')], overruled: [{ by: 'ann' }] } as object],
    ['held open, closed waits its turn',      forced('ann'), hold('closed', 'bob'), { name: 'forced_open', generation: 7, sinceMs: 1000, overruled: [person('bob')] }],
    ['the newest word of a name: open to closed', forced('ann'), hold('closed', 'ann'), { name: 'forced_closed', generation: 8, holders: [person('ann')] }],
    ['the newest word of a name: closed to open', forcedClosed('ann'), hold('open', 'ann'), { name: 'forced_open', holders: [person('ann')], overruled: [] }],
    ['one of two changes sides',              forced('ann', 'bob'), hold('closed', 'ann'), { name: 'forced_open', generation: 7, holders: [{ by: 'bob' }], overruled: [person('ann')] } as object],
    ['the last opener lets go',               { ...forced('ann'), overruled: [person('bob')] }, { type: 'released', nowMs: 2000, by: 'ann' }, { name: 'forced_closed', generation: 8, sinceMs: 2000, holders: [person('bob')] }],
    ['an overruled one lets go',              { ...forced('ann'), overruled: [person('bob')] }, { type: 'released', nowMs: 2000, by: 'bob' }, { name: 'forced_open', generation: 7, overruled: [] }],
    ['the last closer lets go: afresh',       forcedClosed('ann'), { type: 'released', nowMs: 2000, by: 'ann' }, { name: 'closed', generation: 8, sinceMs: 2000, openings: 0 }],
    ['reset closes it',                       forcedClosed('ann'), { type: 'reset', nowMs: 2000 }, { name: 'closed', openings: 0 }],
    ['an end is kept',                        closed(), hold('open', 'ann', 9000), { holders: [person('ann', 9000)] } as object],
    ['another end, the same reason',          { ...forced(), holders: [person('ann', 9000)] }, hold('open', 'ann', 9500), { generation: 7, holders: [person('ann', 9500)] } as object],
    ['an endless end is none',                closed(), hold('open', 'ann', Infinity), { holders: [person('ann')] } as object],
    ['a reason is cut',                       closed(), hold('open', 'ann', undefined, 'x'.repeat(501)), { holders: [person('ann', undefined, 'x'.repeat(500))] } as object],
    ['at its end a hold is over',             { ...forced(), holders: [person('ann', 3000), person('bob', 4000)] }, asked(3000), { name: 'forced_open', generation: 7, holders: [person('bob', 4000)] } as object],
    ['at the last end: closed, afresh',       { ...forced(), holders: [person('ann', 3000)] }, asked(3000), { name: 'closed', generation: 8, sinceMs: 3000, openings: 0 }],
    ['at the last opener\'s end: closed is heard', { ...forced(), holders: [person('ann', 3000)], overruled: [person('bob', 4000), person('eve', 3000)] }, asked(3500), { name: 'forced_closed', sinceMs: 3500, holders: [person('bob', 4000)] } as object],
    ['held closed, at its end',               { ...forcedClosed(), holders: [person('ann', 3000)] }, asked(3000), { name: 'closed', generation: 8 }],
  ])('%s', (_what, from, event, to) => {
    expect(nextCircuitState(from, event, DEFAULT)).toMatchObject(to);
  });

  // oxfmt-ignore
  it.each<Still>([
    ['a hold that ends now',                  closed(), hold('open', 'ann', 2000)],
    ['a hold that ended',                     closed(), hold('closed', 'ann', -1)],
    ['a hold until no time',                  closed(), hold('open', 'ann', NaN)],
    ['a hold of nobody',                      closed(), hold('open', '')],
    ['a name too long',                       closed(), hold('open', LONG_NAME)],
    ['one name too many',                     forced(...Array.from({ length: 100 }, (_, n) => `${n}`)), hold('closed', 'ann')],
    ['the same again, with its end',          { ...forcedClosed(), holders: [person('ann', 9000)] }, hold('closed', 'ann', 9000)],
    ['just before the end',                   { ...forced(), holders: [person('ann', 3000)] }, asked(2999.999)],
    ['held closed, however long',             forcedClosed('ann'), asked(1e12)],
    ['held closed, results of any kind',      forcedClosed('ann'), reported(2000, bad)],
    ['held closed, a late probe',             forcedClosed('ann'), ended(1, 'failure')],
    ['held closed, an unknown name lets go',  forcedClosed('ann'), { type: 'released', nowMs: 2000, by: 'bob' }],
  ])('nothing changed: %s', (_what, state, event) => {
    expect(nextCircuitState(state, event, DEFAULT)).toBe(state);
  });
});

describe('held open by people', () => {
  // oxfmt-ignore
  it.each<Case>([
    ['a second holder joins',                  forced('ann'), { type: 'held', as: 'open', nowMs: 2000, holder: { by: 'bob', reason: 'r' } }, { generation: 7, sinceMs: 1000, holders: [{ by: 'ann', reason: 'maintenance' }, { by: 'bob', reason: 'r' }] }],
    ['a second holder with the same reason',   forced('ann'), { type: 'held', as: 'open', nowMs: 2000, holder: { by: 'bob', reason: 'maintenance' } }, { holders: [{ by: 'ann', reason: 'maintenance' }, { by: 'bob', reason: 'maintenance' }] }],
    ['a holder may give another reason',       forced('ann'), { type: 'held', as: 'open', nowMs: 2000, holder: { by: 'ann', reason: 'new' } }, { generation: 7, holders: [{ by: 'ann', reason: 'new' }] }],
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
    ['held, the same again',                   forced('ann', 'bob'), { type: 'held', as: 'open', nowMs: 2000, holder: { by: 'ann', reason: 'maintenance' } }],
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
    ['an outage after a healthy time', {},                                           { calls: 400, failures: 20, failuresInARow: 15, rowMs: 2000 }, 'failures'],
    ['one short of an outage',         {},                                           { calls: 400, failures: 20, failuresInARow: 14, rowMs: 9000 }, undefined],
    ['all of them in one moment',      {},                                           { calls: 400, failures: 99, failuresInARow: 99, rowMs: 1999 }, undefined],
    ['an outage does not count',       { outageFailures: false },                    { calls: 400, failures: 99, failuresInARow: 99, rowMs: 9000 }, undefined],
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
    expect(cooldownOf(openings, hintMs === undefined ? {} : { hintMs }, options(setting))).toBe(ms);
  });
});

describe('traffic bounds the growth of the cool-down', () => {
  // oxfmt-ignore
  it.each<[what: string, openings: number, facts: CoolDownFacts, setting: CircuitSetting, ms: number]>([
    ['one probe in 25 calls',               9, { calledEveryMs: 1000 },                  {}, 25_000],
    ['never less than the first',           9, { calledEveryMs: 5 },                     {}, 5000],
    ['nor more than it has grown',          2, { calledEveryMs: 1000 },                  {}, 10_000],
    ['a quiet feature waits for long',      9, { calledEveryMs: 60_000 },                {}, 60_000],
    ['so does one that nobody calls',       9, { calledEveryMs: Infinity },              {}, 60_000],
    ['what the failure asks for is obeyed', 9, { calledEveryMs: 5, hintMs: 30_000 },     {}, 30_000],
    ['another share',                       9, { calledEveryMs: 100 },                   { probeShareCalls: 100 }, 10_000],
    ['not looked at',                       9, { calledEveryMs: 0 },                     { probeShareCalls: false }, 60_000],
    ['classic does not look',               9, { calledEveryMs: 0 },                     'classic', 60_000],
  ])('%s', (_what, openings, facts, setting, ms) => {
    expect(cooldownOf(openings, facts, options(setting))).toBe(ms);
  });
});

describe('probesFree', () => {
  it.each([
    ['fresh', {}, 3],
    ['one under way', { probes: [probe(1)] }, 2],
    ['verdicts use slots up', { successes: 1, failures: 1 }, 1],
    ['all used', { probes: [probe(2)], successes: 1, failures: 1 }, 0],
  ])('%s', (_what, over, free) => {
    expect(probesFree(halfOpen(over), 6500, K_OF_N)).toBe(free);
  });
});
