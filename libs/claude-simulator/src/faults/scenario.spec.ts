import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../clock/manual-clock.js';
import { InvalidInputError } from '../validation/invalid-input-error.js';
import type { FaultRule } from './fault-rule.js';
import { type FaultTarget, Scenario } from './scenario.js';

const MESSAGE: FaultTarget = {
  method: 'POST',
  path: '/v1/messages',
  model: 'claude-opus-5',
  promptText: 'Tell me about bees',
  isStream: false,
  customId: null,
};

function scenarioOf(rules: readonly FaultRule[], seed = 1) {
  const clock = new ManualClock(0);
  const scenario = new Scenario(clock, seed);
  scenario.set(rules);
  const strikes = (count: number, target = MESSAGE) =>
    Array.from({ length: count }, () => scenario.strike(target)?.fault ?? '-').join(' ');
  return { clock, scenario, strikes };
}

describe('which requests a rule strikes', () => {
  it.each<{ readonly when: FaultRule['when']; readonly target: Partial<FaultTarget>; readonly struck: boolean }>([
    { when: {}, target: {}, struck: true },
    { when: { path: '/v1/messages' }, target: {}, struck: true },
    { when: { path: '/v1/messages' }, target: { path: '/v1/messages/count_tokens' }, struck: false },
    { when: { model: 'claude-opus-5' }, target: {}, struck: true },
    { when: { model: 'claude-opus-5' }, target: { model: 'claude-opus-5-5' }, struck: false },
    { when: { model: 'claude-opus-5' }, target: { model: null }, struck: false },
    { when: { promptIncludes: 'about bees' }, target: {}, struck: true },
    { when: { promptIncludes: 'about Bees' }, target: {}, struck: false },
    { when: { path: '/v1/messages', model: 'claude-opus-5', promptIncludes: 'wasps' }, target: {}, struck: false },
  ])('$when on $target: $struck', ({ when, target, struck }) => {
    const { scenario } = scenarioOf([{ fault: 'hang', ...(when === undefined ? {} : { when }) }]);
    expect(scenario.strike({ ...MESSAGE, ...target }) !== null).toBe(struck);
  });

  it('faults of streams strike streams only', () => {
    const { scenario } = scenarioOf([{ fault: 'stream_eof' }, { fault: 'overloaded' }]);
    expect(scenario.strike(MESSAGE)?.fault).toBe('overloaded');
    expect(scenario.strike({ ...MESSAGE, isStream: true })?.fault).toBe('stream_eof');
    expect(scenario.list()).toMatchObject([{ matched: 1 }, { matched: 1 }]);
  });

  it('the first rule that wants a request gets it', () => {
    const { strikes } = scenarioOf([
      { fault: 'hang', when: { model: 'other' } },
      { fault: 'overloaded', count: 1 },
      { fault: 'server_error' },
    ]);
    expect(strikes(3)).toBe('overloaded server_error server_error');
  });
});

describe('how often', () => {
  it('skip lets the first ones pass, count ends it', () => {
    expect(scenarioOf([{ fault: 'overloaded', skip: 2, count: 3 }]).strikes(7)).toBe(
      '- - overloaded overloaded overloaded - -',
    );
  });

  it('a request that skips one rule goes on to the next', () => {
    const rules: FaultRule[] = [
      { fault: 'overloaded', skip: 1 },
      { fault: 'server_error', count: 1 },
    ];
    expect(scenarioOf(rules).strikes(3)).toBe('server_error overloaded overloaded');
  });

  it('share strikes that part, the same ones for the same seed', () => {
    const half: FaultRule[] = [{ fault: 'overloaded', share: 0.5 }];
    const struck = scenarioOf(half).strikes(1_000);
    expect(struck.match(/overloaded/g)?.length).toBeGreaterThan(450);
    expect(struck.match(/overloaded/g)?.length).toBeLessThan(550);
    expect(scenarioOf(half).strikes(1_000)).toBe(struck);
    expect(scenarioOf(half, 2).strikes(1_000)).not.toBe(struck);
  });

  it('share 0 never strikes, share 1 always', () => {
    expect(scenarioOf([{ fault: 'overloaded', share: 0 }]).strikes(50)).not.toContain('overloaded');
    expect(scenarioOf([{ fault: 'overloaded', share: 1 }]).strikes(50)).not.toContain('-');
  });

  it('setting a scenario again begins anew, chances included', () => {
    const rules: FaultRule[] = [{ fault: 'overloaded', share: 0.5, count: 5 }];
    const { scenario, strikes } = scenarioOf(rules);
    const first = strikes(20);
    scenario.set(rules);
    expect(strikes(20)).toBe(first);
  });
});

describe('when', () => {
  it('a window counts from the time the rule was set, without its end', () => {
    const { clock, strikes } = scenarioOf([{ fault: 'overloaded', fromMs: 100, untilMs: 200 }]);
    const readings = [99, 1, 99, 1].map((ms) => {
      clock.advance(ms);
      return strikes(1);
    });
    expect(readings).toEqual(['-', 'overloaded', 'overloaded', '-']);
  });

  it('the window of an added rule counts from its adding', () => {
    const { clock, scenario, strikes } = scenarioOf([]);
    clock.advance(5_000);
    scenario.add({ fault: 'overloaded', untilMs: 10 });
    expect(strikes(1)).toBe('overloaded');
    clock.advance(10);
    expect(strikes(1)).toBe('-');
  });
});

describe('what others see and do', () => {
  it('lists the rules with what they have done', () => {
    const { scenario, strikes } = scenarioOf([{ fault: 'overloaded', skip: 1 }]);
    strikes(3);
    expect(scenario.list()).toEqual([{ rule: { fault: 'overloaded', skip: 1 }, matched: 3, struck: 2 }]);
    scenario.clear();
    expect(scenario.list()).toEqual([]);
  });

  it('does not follow later changes of the objects it was given', () => {
    const rule = { fault: 'custom' as const, status: 418, headers: { a: '1' } };
    const { scenario } = scenarioOf([rule]);
    rule.headers.a = '2';
    expect(scenario.strike(MESSAGE)).toMatchObject({ headers: { a: '1' } });
  });

  it('keeps the old rules when the new ones are wrong', () => {
    const { scenario, strikes } = scenarioOf([{ fault: 'overloaded' }]);
    expect(() => scenario.set([{ fault: 'hang' }, { fault: 'hang', share: 2 }])).toThrow(InvalidInputError);
    expect(() => scenario.set('storm' as never)).toThrow('rules: expected a list');
    expect(strikes(1)).toBe('overloaded');
  });
});
