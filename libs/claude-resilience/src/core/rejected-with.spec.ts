import { describe, expect, it } from '@jest/globals';
import { rejectedWith } from './rejected-with.js';

describe('a reaction that rejects without a throw', () => {
  it.each([new Error('refused'), undefined, 'reason'])('the promise of `then` is rejected with %p', async (reason) => {
    const heard: unknown[] = [];
    await Promise.resolve()
      .then(() => rejectedWith(reason))
      .then(
        () => heard.push('served'),
        (error: unknown) => heard.push(error),
      );
    expect(heard).toEqual([reason]);
    expect(heard[0]).toBe(reason);
  });
});
