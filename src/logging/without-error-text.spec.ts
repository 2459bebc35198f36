import { expect, it } from '@jest/globals';
import { withoutErrorText } from './without-error-text.js';

const error = new TypeError('the prompt');
const line = { event: 'x', err: error };

it.each([
  [[error], [error, 'TypeError']],
  [[line], [line, 'TypeError']],
  [
    [line, 'our own words'],
    [line, 'our own words'],
  ],
  [[{ event: 'x' }], [{ event: 'x' }]],
  [['text'], ['text']],
  [[undefined], [undefined]],
])('makes %p to %p', (args, safe) => {
  expect(withoutErrorText(args)).toEqual(safe);
});
