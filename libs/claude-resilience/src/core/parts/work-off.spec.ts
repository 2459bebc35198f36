import { describe, expect, it } from '@jest/globals';
import { workOff } from './work-off.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('workOff', () => {
  it.each([1, 2, 3, 100])('%d at a time: all of them, in order, never more', async (parallel) => {
    const started: number[] = [];
    let running = 0;
    let most = 0;
    await workOff([1, 2, 3, 4, 5, 6, 7], parallel, async (item) => {
      started.push(item);
      most = Math.max(most, (running += 1));
      await turn();
      running -= 1;
      return [];
    });
    expect([started, most]).toEqual([[1, 2, 3, 4, 5, 6, 7], Math.min(parallel, 7)]);
  });

  it('what an item becomes is next, and it too runs side by side', async () => {
    const started: string[] = [];
    let running = 0;
    let most = 0;
    await workOff(['a'], 3, async (item) => {
      started.push(item);
      most = Math.max(most, (running += 1));
      await turn();
      running -= 1;
      return item.length < 3 ? [`${item}1`, `${item}2`] : [];
    });
    expect(started.toSorted()).toEqual(['a', 'a1', 'a11', 'a12', 'a2', 'a21', 'a22']);
    expect(most).toBe(3);
  });

  it('after a failure nothing is started, and what runs is awaited', async () => {
    const ended: number[] = [];
    const works = workOff([1, 2, 3, 4, 5], 2, async (item) => {
      if (item === 1) throw new Error('first');
      await turn();
      ended.push(item);
      throw new Error('second');
    });
    await expect(works).rejects.toThrow('first');
    expect(ended).toEqual([2]);
  });
});
