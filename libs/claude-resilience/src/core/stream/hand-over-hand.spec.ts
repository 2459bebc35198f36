import { describe, expect, it } from '@jest/globals';
import { HandOverHand } from './hand-over-hand.js';

/** Gives, and hears later, as a promise, whether it was taken. */
function offer<T>(hands: HandOverHand<T>, value: T): Promise<boolean> {
  return new Promise((resolve) => {
    const giver = { taken: (item: T) => resolve(item === value), refused: () => resolve(false) };
    if (hands.give(value, giver)) resolve(true);
  });
}

describe('hand over hand', () => {
  it('gives one at a time: the writer waits for the reader', async () => {
    const hands = new HandOverHand<number>();
    let given = 0;
    const writing = (async () => {
      for (const value of [1, 2, 3]) {
        await offer(hands, value);
        given++;
      }
      hands.end();
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(given).toBe(0);
    expect(await hands.take()).toEqual({ done: false, value: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(given).toBe(1);
    expect(await hands.take()).toEqual({ done: false, value: 2 });
    expect(await hands.take()).toEqual({ done: false, value: 3 });
    expect(await hands.take()).toEqual({ done: true, value: undefined });
    expect(await hands.take()).toEqual({ done: true, value: undefined });
    await writing;
  });

  it('the reader may be first', async () => {
    const hands = new HandOverHand<number>();
    const taking = hands.take();
    expect(await offer(hands, 1)).toBe(true);
    expect(await taking).toEqual({ done: false, value: 1 });
  });

  it('he may ask for several at once, and gets them in order', async () => {
    const hands = new HandOverHand<number>();
    const taking = Promise.all([hands.take(), hands.take(), hands.take()]);
    expect([await offer(hands, 1), await offer(hands, 2)]).toEqual([true, true]);
    hands.end();
    expect(await taking).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      { done: true, value: undefined },
    ]);
  });

  it.each([
    ['waiting', true],
    ['later', false],
  ])('an error reaches the reader once (%s)', async (_when, isWaiting) => {
    const hands = new HandOverHand<number>();
    const early = isWaiting ? hands.take() : undefined;
    hands.end({ error: new Error('broken') });
    await expect(early ?? hands.take()).rejects.toThrow('broken');
    if (!isWaiting) expect(await hands.take()).toEqual({ done: true, value: undefined });
  });

  it('a writer hears that the reader has left, before and after', async () => {
    const hands = new HandOverHand<number>();
    const giving = offer(hands, 1);
    hands.leave();
    expect(await giving).toBe(false);
    expect(await offer(hands, 2)).toBe(false);
    expect(await hands.take()).toEqual({ done: true, value: undefined });
  });

  it('what is withdrawn was never given', async () => {
    const hands = new HandOverHand<number>();
    const giving = offer(hands, 1);
    hands.withdraw();
    expect(await giving).toBe(false);
    hands.end({ error: new Error('cancelled') });
    await expect(hands.take()).rejects.toThrow('cancelled');
  });
});
