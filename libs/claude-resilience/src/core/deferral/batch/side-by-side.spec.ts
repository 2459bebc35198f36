import { describe, expect, it } from '@jest/globals';
import { sideBySide } from './side-by-side.js';

describe('sideBySide', () => {
  it('does each once, no more at a time than allowed, and keeps their order', async () => {
    let active = 0;
    let most = 0;
    const done = await sideBySide([3, 1, 2, 0, 5], 2, async (turns) => {
      most = Math.max(most, ++active);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      active--;
      return turns * 10;
    });
    expect(done).toEqual([30, 10, 20, 0, 50]);
    expect(most).toBe(2);
  });

  it('begins nothing more after an error, and waits for what was begun', async () => {
    const begun: number[] = [];
    let ended = 0;
    const work = async (n: number) => {
      begun.push(n);
      for (let turn = 0; turn < 9 * (n + 1); turn++) await Promise.resolve();
      if (n === 0) throw new Error('first');
      ended++;
    };
    await expect(sideBySide([0, 1, 2, 3, 4, 5], 2, work)).rejects.toThrow('first');
    expect(begun).toEqual([0, 1]);
    expect(ended).toBe(1);
  });

  it('nothing for nobody', async () => {
    expect(await sideBySide([], 3, async () => 1)).toEqual([]);
  });
});
