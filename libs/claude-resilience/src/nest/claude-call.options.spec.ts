import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { areFine, issuesOfCallOptions } from './claude-call.options.js';

const NO_TEXT: readonly unknown[] = [null, '', ' \n', 7, {}, ['x']];
const NO_TIME: readonly unknown[] = [null, 0, -1, NaN, Infinity, '5', [5]];

/** What every option takes, and what it does not. */
const VALUES: Readonly<Record<string, { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }>> = {
  feature: { good: [undefined, 'digest'], bad: NO_TEXT },
  workflow: { good: [undefined, ' news '], bad: NO_TEXT },
  locale: { good: [undefined, 'de-CH'], bad: NO_TEXT },
  deadlineMs: { good: [undefined, 0.5, 60_000], bad: NO_TIME },
  timeoutMs: { good: [undefined, 1], bad: NO_TIME },
  priority: { good: [undefined, 'urgent', 'background'], bad: [null, 'Urgent', '', 1] },
  signal: { good: [undefined, new AbortController().signal], bad: [null, {}, 'signal', true] },
  defer: { good: [undefined, true, false, { owner: 'me' }, 'read elsewhere'], bad: [] },
  retries: { good: [], bad: [undefined, 3] },
  input: { good: [], bad: [undefined, 'text'] },
};

const entry = fc
  .constantFrom(...Object.entries(VALUES))
  .chain(([name, { good, bad }]) => fc.tuple(fc.constant(name), fc.constantFrom(...good, ...bad)));

describe('options of a call', () => {
  it('all that are wrong are named, each once, and no other', () =>
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: ([name]) => name }), (entries) => {
        const wrong = entries.filter(([name, value]) => VALUES[name]?.bad.includes(value)).map(([name]) => name);
        const named = issuesOfCallOptions(Object.fromEntries(entries)).map((issue) => issue.split(':')[0]);
        expect(named.toSorted()).toEqual(wrong.toSorted());
      }),
      { numRuns: 500, seed: 8 },
    ));

  it.each([
    [{}, []],
    [null, ['options: an object, got null']],
    ['digest', ['options: an object, got "digest"']],
    [7, ['options: an object, got 7']],
    [[], ['options: an object, got a list of 0']],
    [{ deadlineMs: 0 }, ['deadlineMs: milliseconds, above 0, got 0']],
    [
      { priority: 'high', feature: '' },
      ['feature: a text that is not empty, got ""', 'priority: one of "urgent", "normal", "background", got "high"'],
    ],
    [{ signal: 1 }, ['signal: an AbortSignal, got 1']],
    [
      { dedlineMs: 1 },
      [
        'dedlineMs: unknown option; known here: deadlineMs, defer, feature, locale, priority, signal, timeoutMs, workflow',
      ],
    ],
  ])('%j: %j', (given, issues) => {
    expect(issuesOfCallOptions(given)).toEqual(issues);
  });

  it('a name that is known besides may have any value', () => {
    expect([
      areFine({ input: undefined }, 'input'),
      areFine({ input: 1 }),
      areFine({ input: 1, x: 1 }, 'input'),
    ]).toEqual([true, false, false]);
  });
});
