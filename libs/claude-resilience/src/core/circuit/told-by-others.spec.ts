import { describe, expect, it } from '@jest/globals';
import { CIRCUIT_DEFAULTS } from './circuit-setting.js';
import { readCircuitOptions } from './circuit.options.js';
import type { TheirCoolDown } from './circuit-event.js';
import type { CircuitState, HalfOpenState } from './circuit-state.js';
import { nextCircuitState } from './next-circuit-state.js';

const OPTIONS = readCircuitOptions('', {}, 60_000, []);
const { cooldownMs, maxCooldownMs } = CIRCUIT_DEFAULTS;
const CLOSED: CircuitState = { name: 'closed', generation: 4, sinceMs: 0, openings: 1 };
const OPEN: CircuitState = { name: 'open', generation: 4, sinceMs: 0, openings: 1, untilMs: 5_000, reason: 'failures' };
const HALF_OPEN: HalfOpenState = {
  name: 'half_open',
  generation: 4,
  sinceMs: 5_000,
  openings: 1,
  probingSinceMs: undefined,
  lastProbeMs: undefined,
  probes: [],
  nextProbeId: 1,
  successes: 0,
  failures: 0,
  reason: 'failures',
};
const PROBING: HalfOpenState = { ...HALF_OPEN, probes: [{ id: 1, leaseEndsMs: 90_000, slot: 'held' }] };
const HOLDERS = [{ by: 'ann', reason: 'costs' }];
const HELD_OPEN: CircuitState = {
  name: 'forced_open',
  generation: 4,
  sinceMs: 0,
  openings: 0,
  holders: HOLDERS,
  overruled: [],
};
const HELD_CLOSED: CircuitState = { name: 'forced_closed', generation: 4, sinceMs: 0, openings: 0, holders: HOLDERS };

const one = (coolDownMs: number, openings = 1): TheirCoolDown => ({ isAgreed: false, openings, coolDownMs });
const many = (coolDownMs: number, openings = 1): TheirCoolDown => ({ isAgreed: true, openings, coolDownMs });
const NOW_MS = 100_000;

describe('what others tell a circuit (issue 9)', () => {
  // oxfmt-ignore
  it.each<[what: string, state: CircuitState, theirs: TheirCoolDown, next: object]>([
    ['closed: open, with its own reason',         CLOSED,    many(0),          { name: 'open', generation: 5, reason: 'fleet', openings: 1, untilMs: NOW_MS + cooldownMs }],
    ['closed, they wait for longer already',      CLOSED,    many(40_000, 5),  { name: 'open', openings: 5, untilMs: NOW_MS + 40_000 }],
    ['never longer than our own rules allow',     CLOSED,    many(1e9, 5),     { name: 'open', untilMs: NOW_MS + maxCooldownMs }],
    ['half-open: their probe failed',             HALF_OPEN, many(20_000, 3),  { name: 'open', generation: 5, reason: 'fleet', openings: 3, untilMs: NOW_MS + 20_000 }],
    ['one alone: as long as our own growth',      HALF_OPEN, one(60_000, 9),   { name: 'open', openings: 2, untilMs: NOW_MS + 2 * cooldownMs }],
    ['one alone, and shorter',                    HALF_OPEN, one(3_000, 9),    { name: 'open', openings: 2, untilMs: NOW_MS + 3_000 }],
    ['open: longer, if many say so',              OPEN,      many(20_000, 3),  { name: 'open', generation: 4, reason: 'failures', openings: 3, untilMs: NOW_MS + 20_000 }],
  ])('%s', (_what, state, theirs, next) => {
    expect(nextCircuitState(state, { type: 'told_open', nowMs: NOW_MS, ...theirs }, OPTIONS)).toMatchObject(next);
  });

  // oxfmt-ignore
  it.each<[what: string, state: CircuitState, theirs: TheirCoolDown]>([
    ['a probe of our own under way',  PROBING,     many(20_000)],
    ['open, and one alone says so',   OPEN,        one(60_000)],
    ['open for longer anyway',        { ...OPEN, untilMs: 150_000 }, many(20_000)],
    ['held open by people',           HELD_OPEN,   many(20_000)],
    ['held closed by people',         HELD_CLOSED, many(20_000)],
  ])('%s: nothing changes', (_what, state, theirs) => {
    expect(nextCircuitState(state, { type: 'told_open', nowMs: NOW_MS, ...theirs }, OPTIONS)).toBe(state);
  });

  // oxfmt-ignore
  it.each<[what: string, state: CircuitState, next: string, openings: number]>([
    ['open',        { ...OPEN, openings: 3 },      'closed',        3],
    ['half-open',   { ...HALF_OPEN, openings: 3 }, 'closed',        3],
    ['closed',      CLOSED,                        'closed',        1],
    ['held open',   HELD_OPEN,                     'forced_open',   0],
    ['held closed', HELD_CLOSED,                   'forced_closed', 0],
  ])('%s, and a probe of theirs was answered: %s, with its growth', (_what, state, name, openings) => {
    expect(nextCircuitState(state, { type: 'told_closed', nowMs: NOW_MS }, OPTIONS)).toMatchObject({ name, openings });
  });
});
