import { describe, expect, it } from '@jest/globals';
import { keyOf, type Advice } from './advice.js';
import { nextHeldAdvice, WITHDRAW_AFTER_MS, type AdviceChange, type HeldAdvices } from './next-held-advice.js';

const adviceOf = (feature: string, more: Partial<Advice> = {}): Advice => ({
  topic: 'too_large',
  feature,
  evidence: {},
  sentence: 's',
  ...more,
});
const CHAT = adviceOf('chat');
const NONE: HeldAdvices = new Map();
const features = (held: AdviceChange['given']) => held.map(({ advice }) => advice.feature);

/** Goes from moment to moment; each has what is true then. */
function play(...moments: readonly [nowMs: number, found: readonly Advice[]][]): AdviceChange {
  let change: AdviceChange = { held: NONE, given: [], withdrawn: [] };
  for (const [nowMs, found] of moments) change = nextHeldAdvice(change.held, found, nowMs, 1_000_000 + nowMs);
  return change;
}

describe('given once, withdrawn late', () => {
  // oxfmt-ignore
  it.each<[what: string, moments: [number, Advice[]][], held: number, given: number, withdrawn: number]>([
    ['new',                     [[0, [CHAT]]],                                                            1, 1, 0],
    ['still true',              [[0, [CHAT]], [9, [CHAT]]],                                               1, 0, 0],
    ['no longer true',          [[0, [CHAT]], [9, []]],                                                   1, 0, 0],
    ['not for long enough',     [[0, [CHAT]], [9, []], [8 + WITHDRAW_AFTER_MS, []]],                      1, 0, 0],
    ['for long enough',         [[0, [CHAT]], [9, []], [9 + WITHDRAW_AFTER_MS, []]],                      0, 0, 1],
    ['true again in between',   [[0, [CHAT]], [9, []], [10, [CHAT]], [9 + WITHDRAW_AFTER_MS, []]],        1, 0, 0],
    ['nobody looked for a day', [[0, [CHAT]], [86_400_000, []]],                                          1, 0, 0],
    ['true again afterwards',   [[0, [CHAT]], [9, []], [9 + WITHDRAW_AFTER_MS, []], [1e8, [CHAT]]],       1, 1, 0],
    ['found twice at once',     [[0, [CHAT, CHAT]]],                                                      1, 1, 0],
    ['of another feature',      [[0, [CHAT]], [9, [CHAT, adviceOf('drafts')]]],                           2, 1, 0],
    ['of another model',        [[0, [CHAT]], [9, [CHAT, adviceOf('chat', { model: 'claude' })]]],        2, 1, 0],
    ['about something else',    [[0, [CHAT]], [9, [CHAT, adviceOf('chat', { about: 'stream' })]]],        2, 1, 0],
  ])('%s', (_what, moments, held, given, withdrawn) => {
    const change = play(...moments);
    expect([change.held.size, change.given.length, change.withdrawn.length]).toEqual([held, given, withdrawn]);
  });

  it('keeps the day it was given, and the latest numbers', () => {
    const later = adviceOf('chat', { evidence: { tooLarge: 9 } });
    const { held } = play([0, [CHAT]], [50, [later]]);
    expect([...held.values()]).toEqual([{ advice: later, sinceWallMs: 1_000_000 }]);
  });

  it('never given twice without a withdrawal in between, never withdrawn before it was given, whatever is true when', () => {
    let seed = 11;
    const dice = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const given = new Set<string>();
    let [nowMs, gifts, withdrawals] = [0, 0, 0];
    let held = NONE;
    for (let step = 0; step < 20_000; step++) {
      nowMs += dice(WITHDRAW_AFTER_MS);
      const found = ['a', 'b', 'c'].filter(() => dice(4) === 0).map((feature) => adviceOf(feature));
      const change = nextHeldAdvice(held, found, nowMs, nowMs);
      for (const { advice } of change.withdrawn) {
        expect(given.delete(keyOf(advice))).toBe(true);
        expect(features(change.given)).not.toContain(advice.feature);
        withdrawals += 1;
      }
      for (const { advice } of change.given) {
        expect(given.has(keyOf(advice))).toBe(false);
        given.add(keyOf(advice));
        gifts += 1;
      }
      expect(new Set(change.held.keys())).toEqual(given);
      held = change.held;
    }
    expect([gifts > 100, withdrawals > 100]).toEqual([true, true]);
  });
});
