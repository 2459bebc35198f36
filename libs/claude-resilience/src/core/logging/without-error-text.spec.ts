import { describe, expect, it } from '@jest/globals';
import { withoutErrorText } from './without-error-text.js';

const PROMPT = 'the prompt';
const error = new TypeError(PROMPT);
const described = () => ({ name: 'TypeError' });
const line = { event: 'x', err: error };

describe('withoutErrorText (R7)', () => {
  it.each<[given: readonly unknown[], safe: readonly unknown[]]>([
    [[error], [{ err: error }, 'TypeError']],
    [
      [error, 'our own words'],
      [{ err: error }, 'our own words'],
    ],
    [[line], [line, 'TypeError']],
    [
      [line, 'our own words'],
      [line, 'our own words'],
    ],
    [[{ ...line, msg: 'said' }], [{ ...line, msg: 'said' }]],
    [[{ event: 'x', error }], [{ event: 'x', error: { name: 'TypeError' } }]],
    [
      [{ err: error, also: error }, 'words'],
      [{ err: error, also: { name: 'TypeError' } }, 'words'],
    ],
    [[{ a: { b: [error, 1] } }], [{ a: { b: [{ name: 'TypeError' }, 1] } }]],
    [
      ['failed: %s %o', error, { error }],
      ['failed: %s %o', 'TypeError', { error: { name: 'TypeError' } }],
    ],
    [[{ event: 'x' }], [{ event: 'x' }]],
    [['text'], ['text']],
    [[undefined], [undefined]],
  ])('makes %p to %p', (args, safe) => {
    expect(withoutErrorText(args, described)).toEqual(safe);
  });

  it('tells the message that may be told', () => {
    expect(withoutErrorText([error], () => ({ name: 'TypeError', message: 'ours' }))[1]).toBe('ours');
  });

  it('leaves a line alone that holds no error, and what it does not know', () => {
    const plain = { event: 'x', list: [1, { two: 2 }], at: new Date(0) };
    expect(withoutErrorText([plain], described)[0]).toBe(plain);
  });

  it('ends in a circle, too', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(() => withoutErrorText([circle], described)).not.toThrow();
  });
});
