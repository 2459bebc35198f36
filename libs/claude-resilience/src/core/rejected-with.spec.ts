import { describe, expect, it } from '@jest/globals';
import { promiseOfTold, rejectedWith } from './rejected-with.js';

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

describe('what was told at once, as a promise', () => {
  it.each([new Error('refused'), undefined, 'reason'])('of a refusal is rejected with %p', async (reason) => {
    await expect(promiseOfTold(rejectedWith(reason))).rejects.toBe(reason);
  });

  it('of an answer is the answer, whatever it may be', async () => {
    expect(await promiseOfTold('served')).toBe('served');
    expect(await promiseOfTold(Promise.resolve('later'))).toBe('later');
  });
});
