import { describe, expect, it } from '@jest/globals';
import { HandOverHand } from './hand-over-hand.js';

describe('hand over hand', () => {
  it('gives one at a time: the writer waits for the reader', async () => {
    const hands = new HandOverHand<number>();
    let given = 0;
    const writing = (async () => {
      for (const value of [1, 2, 3]) {
        await hands.give(value);
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
    expect(await hands.give(1)).toBe(true);
    expect(await taking).toEqual({ done: false, value: 1 });
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
    const giving = hands.give(1);
    hands.leave();
    expect(await giving).toBe(false);
    expect(await hands.give(2)).toBe(false);
    expect(await hands.take()).toEqual({ done: true, value: undefined });
  });

  it('what is withdrawn was never given', async () => {
    const hands = new HandOverHand<number>();
    const giving = hands.give(1);
    hands.withdraw();
    expect(await giving).toBe(false);
    hands.end({ error: new Error('cancelled') });
    await expect(hands.take()).rejects.toThrow('cancelled');
  });
});
