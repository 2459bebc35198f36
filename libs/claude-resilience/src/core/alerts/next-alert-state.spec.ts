import { describe, expect, it } from '@jest/globals';
import { INACTIVE, isActive, type AlertState, type AlertVerdict } from './alert-state.js';
import { judgeLevel } from './judge-level.js';
import { nextAlertState } from './next-alert-state.js';

const AT = 1_000_000;
const MINUTE = 60_000;
const pending = (breachedForMs: number): AlertState => ({ name: 'pending', sinceMs: 1, breachedForMs });
const firing: AlertState = { name: 'firing', sinceMs: 1 };
const clearing = (clearForMs: number): AlertState => ({ name: 'clearing', sinceMs: 1, clearForMs });
const next = (state: AlertState, verdict: AlertVerdict, pendingMs: number, clearMs: number) =>
  nextAlertState(state, verdict, AT, MINUTE, { pendingMs, clearMs });

describe('an alert (R30)', () => {
  it.each<[AlertState, AlertVerdict, number, number, AlertState]>([
    [INACTIVE, 'breach', 0, 0, { name: 'firing', sinceMs: AT }],
    [INACTIVE, 'breach', 1, 0, { name: 'pending', sinceMs: AT, breachedForMs: 0 }],
    [INACTIVE, 'between', 0, 0, INACTIVE],
    [INACTIVE, 'clear', 0, 0, INACTIVE],
    [INACTIVE, 'no_data', 0, 0, INACTIVE],
    [pending(0), 'breach', 2 * MINUTE, 0, pending(MINUTE)],
    [pending(MINUTE), 'breach', 2 * MINUTE, 0, firing],
    [pending(MINUTE), 'no_data', 2 * MINUTE, 0, pending(MINUTE)],
    [pending(MINUTE), 'between', 2 * MINUTE, 0, INACTIVE],
    [pending(MINUTE), 'clear', 2 * MINUTE, 0, INACTIVE],
    [firing, 'breach', 0, 5 * MINUTE, firing],
    [firing, 'between', 0, 5 * MINUTE, firing],
    [firing, 'no_data', 0, 5 * MINUTE, firing],
    [firing, 'clear', 0, 5 * MINUTE, clearing(0)],
    [firing, 'clear', 0, 0, INACTIVE],
    [clearing(0), 'clear', 0, 5 * MINUTE, clearing(MINUTE)],
    [clearing(4 * MINUTE), 'clear', 0, 5 * MINUTE, INACTIVE],
    [clearing(4 * MINUTE), 'no_data', 0, 5 * MINUTE, clearing(4 * MINUTE)],
    [clearing(4 * MINUTE), 'between', 0, 5 * MINUTE, firing],
    [clearing(4 * MINUTE), 'breach', 0, 5 * MINUTE, firing],
  ])('%j that sees %s (for %i ms, well for %i ms) is %j', (state, verdict, pendingMs, clearMs, expected) => {
    expect(next(state, verdict, pendingMs, clearMs)).toEqual(expected);
  });

  it.each<[number, AlertVerdict]>([
    [0.051, 'breach'],
    [0.05, 'between'],
    [0.049, 'between'],
    [0.03, 'between'],
    [0.0299, 'clear'],
    [0, 'clear'],
    [NaN, 'no_data'],
  ])('%d against 5 %%, well below 3 %%, is %s', (value, verdict) => {
    expect(judgeLevel(value, { threshold: 0.05, resolveBelow: 0.03 })).toBe(verdict);
  });

  it('never begins without a breach, and never ends without being well (property)', () => {
    let seed = 7;
    const chance = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const verdicts: AlertVerdict[] = ['breach', 'between', 'clear', 'no_data'];
    let state: AlertState = INACTIVE;
    for (let i = 0; i < 20_000; i++) {
      const verdict = verdicts[Math.floor(chance() * 4)] ?? 'clear';
      const after = next(state, verdict, chance() < 0.5 ? 0 : 2 * MINUTE, chance() < 0.5 ? 0 : 2 * MINUTE);
      if (!isActive(state) && isActive(after)) expect(verdict).toBe('breach');
      if (isActive(state) && !isActive(after)) expect(verdict).toBe('clear');
      state = after;
    }
  });
});
