import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SubscriberTrouble, type TroubleReport } from './subscriber-trouble.js';

describe('SubscriberTrouble', () => {
  it('tells at once, then every ten seconds at most, and the rest at the end', () => {
    const trouble = new SubscriberTrouble();
    expect(trouble.dropped(0)).toEqual({ dropped: 1, failed: 0 });
    expect(trouble.dropped(1)).toBeUndefined();
    expect(trouble.failed(9_999, new TypeError('the prompt'))).toBeUndefined();
    expect(trouble.due(9_999)).toBeUndefined();
    expect(trouble.due(10_000)).toEqual({ dropped: 1, failed: 1, errorName: 'TypeError' });
    expect(trouble.due(50_000)).toBeUndefined();
    expect(trouble.dropped(50_000)).toEqual({ dropped: 1, failed: 0 });
    trouble.dropped(50_001);
    expect(trouble.rest(50_002)).toEqual({ dropped: 1, failed: 0 });
    expect(trouble.rest(50_003)).toBeUndefined();
  });

  const trap = {
    get name() {
      throw new Error('a trap');
    },
  };
  it.each<[what: string, thrown: unknown, name: string]>([
    ['a text', 'text', 'string'],
    ['nothing', undefined, 'undefined'],
    ['an object', {}, 'object'],
    ['a trap', { __proto__: trap }, 'object'],
  ])('has a name for what is no error: %s', (_what, thrown, errorName) => {
    expect(new SubscriberTrouble().failed(0, thrown)).toMatchObject({ errorName });
  });

  it('what was told adds up to what happened', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('dropped', 'failed', 'due'), fc.nat(9_000)), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (all) => {
        const trouble = new SubscriberTrouble();
        const told: TroubleReport[] = [];
        const note = (report: TroubleReport | undefined) => void (report !== undefined && told.push(report));
        let nowMs = 0;
        for (const [step, laterMs] of all) {
          nowMs += laterMs;
          note(step === 'failed' ? trouble.failed(nowMs, new Error('x')) : trouble[step](nowMs));
        }
        note(trouble.rest(nowMs));
        const sum = (of: 'dropped' | 'failed') => told.reduce((total, report) => total + report[of], 0);
        expect([sum('dropped'), sum('failed')]).toEqual([
          all.filter(([step]) => step === 'dropped').length,
          all.filter(([step]) => step === 'failed').length,
        ]);
        expect(told.length).toBeLessThanOrEqual(nowMs / 10_000 + 2);
      }),
    );
  });
});
