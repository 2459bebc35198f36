import { describe, expect, it } from '@jest/globals';
import { types } from 'node:util';
import { withoutStack } from './without-stack.js';

class Refused extends Error {
  override readonly name = 'Refused';
  constructor({ isBroken }: { readonly isBroken: boolean }) {
    super('the circuit is open');
    if (isBroken) throw new TypeError('it cannot be made');
  }
}

describe('an error that does not look where it was made', () => {
  it('is a real one, and its stack is one line', () => {
    const error = withoutStack(Refused, { isBroken: false });
    expect(types.isNativeError(error)).toBe(true);
    expect(error).toBeInstanceOf(Refused);
    expect(error.stack).toBe('Refused: the circuit is open');
    expect(Object.keys(error)).toEqual(['name']);
  });

  it.each([false, true])('leaves all others their stacks; when it cannot be made: %p', (isBroken) => {
    const before = Error.stackTraceLimit;
    try {
      withoutStack(Refused, { isBroken });
    } catch {
      // that is what was asked for
    }
    expect(Error.stackTraceLimit).toBe(before);
    expect(new Error('another').stack).toContain('without-stack.spec');
  });
});
