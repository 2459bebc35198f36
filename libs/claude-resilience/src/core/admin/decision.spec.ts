import { expect, it } from '@jest/globals';
import { readDecision } from './decision.js';

const HOLD = { kind: 'hold', feature: 'chat', as: 'open', by: 'ann', reason: 'Why.' };
const SILENCE = { kind: 'silence', id: 's1', labels: {}, by: 'ann', why: 'Why.', sinceMs: 1, untilMs: 2 };

it.each([HOLD, { ...HOLD, as: 'closed', untilMs: 5 }, SILENCE, { ...SILENCE, rule: 'error_rate', labels: { a: 'b' } }])(
  'reads what another replica, or a store, gave: %j',
  (decision) => {
    expect(readDecision(JSON.parse(JSON.stringify(decision)))).toEqual(decision);
  },
);

it.each([
  undefined,
  null,
  'hold',
  [],
  {},
  { ...HOLD, kind: 'weld' },
  { ...HOLD, as: 'ajar' },
  { ...HOLD, by: '' },
  { ...HOLD, by: 'x'.repeat(101) },
  { ...HOLD, untilMs: 'later' },
  { ...SILENCE, untilMs: undefined },
  { ...SILENCE, rule: 'nobody' },
  { ...SILENCE, labels: { a: 1 } },
])('and nothing else: %j', (value) => {
  expect(readDecision(value)).toBeUndefined();
});
