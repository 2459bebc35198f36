import { describe, expect, it } from '@jest/globals';
import { within, type StillWanted } from './within.js';

const late = () => new Error('too late');

describe('ending in time, whatever the work does', () => {
  it('gives what comes in time, and what fails in time, as it is', async () => {
    expect(await within(60_000, late, async (isWanted) => isWanted())).toBe(true);
    const error = new TypeError('of the work');
    await expect(within(60_000, late, () => Promise.reject(error))).rejects.toBe(error);
  });

  it('ends when the time is over, and tells work that goes on that nobody waits for it', async () => {
    const told: StillWanted[] = [];
    const never = within(1, late, (isWanted) => {
      told.push(isWanted);
      return new Promise(() => {});
    });
    expect(told.map((ask) => ask())).toEqual([true]);
    await expect(never).rejects.toThrow('too late');
    expect(told.map((ask) => ask())).toEqual([false]);
  });

  it('hears no more of what fails afterwards', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const over = within(1, late, () => promise);
    await expect(over).rejects.toThrow('too late');
    reject(new Error('nobody hears this'));
  });
});
