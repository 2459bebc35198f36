import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CountWindow } from './count-window.js';

const FAIL = [true, false] as const;
const FINE = [false, false] as const;
const SLOW = [false, true] as const;

describe('CountWindow', () => {
  // oxfmt-ignore
  it.each([
    ['nothing',                     [],                             { calls: 0, failures: 0, slow: 0, failuresInARow: 0 }],
    ['not full yet',                [FAIL, FINE],                   { calls: 2, failures: 1, slow: 0, failuresInARow: 0 }],
    ['full',                        [FAIL, SLOW, FAIL],             { calls: 3, failures: 2, slow: 1, failuresInARow: 1 }],
    ['the oldest falls out',        [FAIL, SLOW, FAIL, FINE],       { calls: 3, failures: 1, slow: 1, failuresInARow: 0 }],
    ['the next one, too',           [FAIL, SLOW, FAIL, FINE, FINE], { calls: 3, failures: 1, slow: 0, failuresInARow: 0 }],
    ['a row longer than the window', [FAIL, FAIL, FAIL, FAIL, FAIL], { calls: 3, failures: 3, slow: 0, failuresInARow: 5 }],
  ])('the last 3 calls: %s', (_what, calls, figures) => {
    const window = new CountWindow(3);
    for (const [failed, slow] of calls) window.record(failed, slow, 0);
    expect(window.read(0)).toMatchObject(figures);
  });

  it('forgets nothing by time, everything by clear', () => {
    const window = new CountWindow(3);
    for (const [failed, slow] of [FAIL, FAIL, SLOW, FAIL]) window.record(failed, slow, 0);
    expect(window.read(1e12).calls).toBe(3);
    window.clear();
    expect(window.read(0)).toMatchObject({ calls: 0, failures: 0, slow: 0, failuresInARow: 0 });
    for (const [failed, slow] of [FINE, FINE, FINE, FINE]) window.record(failed, slow, 0);
    expect(window.read(0)).toMatchObject({ calls: 3, failures: 0, slow: 0, failuresInARow: 0 });
  });

  it('agrees with a list of everything', () => {
    const anyCall = fc.oneof(fc.tuple(fc.boolean(), fc.boolean()), fc.constant('clear' as const));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(anyCall, { maxLength: 40 }), (size, steps) => {
        const window = new CountWindow(size);
        let all: (readonly [boolean, boolean])[] = [];
        for (const step of steps) {
          if (step === 'clear') {
            window.clear();
            all = [];
          } else {
            window.record(step[0], step[1], 0);
            all.push(step);
          }
          const last = all.slice(-size);
          expect(window.read(0)).toMatchObject({
            calls: last.length,
            failures: last.filter(([failed]) => failed).length,
            slow: last.filter(([, slow]) => slow).length,
            failuresInARow: all.length - 1 - all.findLastIndex(([failed]) => !failed),
          });
        }
      }),
      { numRuns: 5000, seed: 20261122 },
    );
  });
});
