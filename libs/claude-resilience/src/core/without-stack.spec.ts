import { describe, expect, it } from '@jest/globals';
import { types } from 'node:util';
import { withoutStack } from './without-stack.js';

/** What V8 is told while it is made. */
const seen: unknown[] = [];

class Refused extends Error {
  override readonly name = 'Refused';
  constructor({ isBroken }: { readonly isBroken: boolean }) {
    super('the circuit is open');
    seen.push(Error.stackTraceLimit);
    if (isBroken) throw new TypeError('it cannot be made');
  }
}

describe('an error that does not look where it was made', () => {
  it('is a real one, and its stack is one line', () => {
    const error = withoutStack(Refused, { isBroken: false });
    expect(types.isNativeError(error)).toBe(true);
    expect(error).toBeInstanceOf(Refused);
    // Zero would be a number: then V8 looks who is on top.
    expect(seen.at(-1)).toBeUndefined();
    expect(error.stack).toBe('Refused: the circuit is open');
    expect(Object.keys(error)).toEqual(['name']);
  });

  it.each([false, true])('leaves all others their stacks; when it cannot be made: %p', (isBroken) => {
    const before = Error.stackTraceLimit;
    const make = () => withoutStack(Refused, { isBroken });
    if (isBroken) expect(make).toThrow(TypeError);
    else make();
    expect(Error.stackTraceLimit).toBe(before);
    expect(new Error('another').stack).toContain('without-stack.spec');
  });
});
