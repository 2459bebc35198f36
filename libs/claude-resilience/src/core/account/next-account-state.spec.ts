import { describe, expect, it } from '@jest/globals';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { AccountEvidence } from './account-evidence.js';
import type { AccountFailure, AccountState, StoppedAccount, WorkingAccount } from './account-state.js';
import { readAccountOptions, type ResolvedAccountOptions } from './account.options.js';
import { heldForMs, nextAccountState, type AccountEvent } from './next-account-state.js';

/** Authentication: 5 s to 60 s. All else: 60 s to 600 s. A lease is 60 s. */
const OPTIONS = readAccountOptions('accountStop', undefined, []) as ResolvedAccountOptions;
const WALL_MS = Date.UTC(2026, 10, 22);

const AUTH: AccountFailure = diagnoseFailure({ from: 'response', status: 401 }, WALL_MS);
const BILLING: AccountFailure = diagnoseFailure({ from: 'response', status: 402 }, WALL_MS);
const ON_HOLD: AccountFailure = diagnoseFailure({ from: 'response', status: 400, code: 'organization_on_hold' }, WALL_MS); // oxfmt-ignore
const returning = (inMs: number): AccountFailure => ({ ...BILLING, accessReturnsAtMs: WALL_MS + inMs });

const working = (over: Partial<WorkingAccount> = {}): WorkingAccount => ({
  name: 'working',
  generation: 7,
  sinceMs: 1000,
  ...over,
});
const stopped = (over: Partial<StoppedAccount> = {}): StoppedAccount => ({
  name: 'stopped',
  generation: 7,
  sinceMs: 1000,
  failure: AUTH,
  probeAtMs: 6000,
  probesMade: 0,
  refusals: 0,
  probe: undefined,
  ...over,
});
const probing = (over: Partial<StoppedAccount> = {}): StoppedAccount =>
  stopped({ probesMade: 3, probe: { id: 3, startedAtMs: 6000 }, ...over });

const admitted = (nowMs: number): AccountEvent => ({ type: 'admitted', nowMs });
const reported = (
  evidence: AccountEvidence,
  { nowMs = 9000, generation = 7, probeId = undefined as number | undefined } = {},
): AccountEvent => ({ type: 'reported', nowMs, wallMs: WALL_MS, ticket: { generation, probeId }, evidence });
const refused = (failure: AccountFailure): AccountEvidence => ({ says: 'refused', failure });
const works: AccountEvidence = { says: 'works' };
const nothing: AccountEvidence = { says: 'nothing' };

type Case = [what: string, from: AccountState, event: AccountEvent, to: Partial<AccountState>];
type Still = [what: string, state: AccountState, event: AccountEvent];

describe('working', () => {
  // oxfmt-ignore
  it.each<Case>([
    ['a refused key stops it',              working(), reported(refused(AUTH)),    { name: 'stopped', generation: 8, sinceMs: 9000, failure: AUTH, probeAtMs: 14_000, probesMade: 0, refusals: 0, probe: undefined }],
    ['a spent limit, for longer',           working(), reported(refused(BILLING)), { name: 'stopped', failure: BILLING, probeAtMs: 69_000 }],
    ['an account on hold, likewise',        working(), reported(refused(ON_HOLD)), { name: 'stopped', failure: ON_HOLD, probeAtMs: 69_000 }],
    ['a date far away changes nothing',     working(), reported(refused(returning(9 * 86_400_000))), { probeAtMs: 69_000 }],
    ['a date soon brings the probe forward, a second late', working(), reported(refused(returning(20_000))), { probeAtMs: 30_000 }],
    ['a date that has passed is none',      working(), reported(refused(returning(0))), { probeAtMs: 69_000 }],
  ])('%s', (_what, from, event, to) => {
    expect(nextAccountState(from, event, OPTIONS)).toMatchObject(to);
  });
});

describe('stopped', () => {
  // oxfmt-ignore
  it.each<Case>([
    ['at its time one call is the probe',   stopped(), admitted(6000), { generation: 7, probesMade: 1, probe: { id: 1, startedAtMs: 6000 } }],
    ['long after it, too',                  stopped(), admitted(1e9), { probe: { id: 1, startedAtMs: 1e9 } }],
    ['a hung probe loses its slot to the next call', probing(), admitted(66_000), { probesMade: 4, probe: { id: 4, startedAtMs: 66_000 } }],
    ['a good probe resumes',                probing(), reported(works, { probeId: 3 }), { name: 'working', generation: 8, sinceMs: 9000 }],
    ['so does one that lost its slot: it was sent after the stop', probing(), reported(works, { probeId: 2 }), { name: 'working', generation: 8 }],
    ['a refused probe: the next wait doubles', probing(), reported(refused(AUTH), { probeId: 3 }), { name: 'stopped', generation: 8, sinceMs: 1000, refusals: 1, probesMade: 3, probeAtMs: 19_000, probe: undefined }],
    ['and doubles',                         probing({ refusals: 2 }), reported(refused(AUTH), { probeId: 3 }), { refusals: 3, probeAtMs: 49_000 }],
    ['up to the ceiling',                   probing({ refusals: 1e6 }), reported(refused(AUTH), { probeId: 3 }), { probeAtMs: 69_000 }],
    ['the ceiling for billing',             probing({ refusals: 9 }), reported(refused(BILLING), { probeId: 3 }), { failure: BILLING, probeAtMs: 609_000 }],
    ['never much later than a known date',  probing({ refusals: 9 }), reported(refused(returning(120_000)), { probeId: 3 }), { probeAtMs: 130_000 }],
    ['shut although the date has come: looked at often again', probing({ refusals: 9, failure: returning(-500) }), reported(refused(BILLING), { probeId: 3 }), { refusals: 0, probeAtMs: 69_000 }],
    ['a probe that proves nothing gives its slot back, and lengthens nothing', probing({ refusals: 5 }), reported(nothing, { probeId: 3 }), { generation: 7, refusals: 5, probeAtMs: 14_000, probe: undefined }],
    ['nor does it miss a known date',       probing({ failure: returning(3000) }), reported(nothing, { probeId: 3 }), { probeAtMs: 13_000 }],
    ['a released slot is free at once',     probing(), { type: 'released', ticket: { generation: 7, probeId: 3 } }, { generation: 7, probeAtMs: 6000, probesMade: 3, probe: undefined }],
  ])('%s', (_what, from, event, to) => {
    expect(nextAccountState(from, event, OPTIONS)).toMatchObject(to);
  });
});

describe('nothing changed: the same object back', () => {
  const before = { generation: 6 };
  // oxfmt-ignore
  it.each<Still>([
    ['working, a call is sent',                      working(), admitted(9000)],
    ['working, an answer',                           working(), reported(works)],
    ['working, a timeout',                           working(), reported(nothing)],
    ['working, a refusal from before the last stop', working(), reported(refused(AUTH), before)],
    ['working, a late probe is refused',             working(), reported(refused(AUTH), { ...before, probeId: 3 })],
    ['working, a call is released',                  working(), { type: 'released', ticket: { generation: 7, probeId: undefined } }],
    ['stopped, too early for a probe',               stopped(), admitted(5999.999)],
    ['stopped, the probe is under way',              probing(), admitted(65_999.999)],
    ['stopped, success of a call sent before',       stopped(), reported(works, before)],
    ['stopped, another refusal of a call sent before', stopped(), reported(refused(BILLING), before)],
    ['probing, success of a call sent before',       probing(), reported(works, before)],
    ['probing, success of a probe sent before the last refusal', probing(), reported(works, { ...before, probeId: 2 })],
    ['probing, one that lost its slot is refused',   probing(), reported(refused(AUTH), { probeId: 2 })],
    ['probing, one that lost its slot proves nothing', probing(), reported(nothing, { probeId: 2 })],
    ['probing, one that lost its slot is released',  probing(), { type: 'released', ticket: { generation: 7, probeId: 2 } }],
    ['probing, a call sent before is released',      probing(), { type: 'released', ticket: { generation: 6, probeId: undefined } }],
  ])('%s', (_what, state, event) => {
    expect(nextAccountState(state, event, OPTIONS)).toBe(state);
  });
});

describe('heldForMs', () => {
  // oxfmt-ignore
  it.each<[what: string, state: AccountState, nowMs: number, heldMs: number]>([
    ['working',                       working(), 9000,      0],
    ['until the probe',               stopped(), 1000,      5000],
    ['a fraction is a whole one',     stopped(), 5999.5,    1],
    ['the probe is due',              stopped(), 6000,      0],
    ['a probe is under way',          probing(), 6000,      1000],
    ['its lease is nearly over',      probing(), 65_400,    600],
    ['its lease is over',             probing(), 66_000,    0],
  ])('%s', (_what, state, nowMs, heldMs) => {
    expect(heldForMs(state, nowMs, OPTIONS)).toBe(heldMs);
  });
});
