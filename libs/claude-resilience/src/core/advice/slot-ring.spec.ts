import { describe, expect, it } from '@jest/globals';
import { SlotRing } from './slot-ring.js';

const ring = () => new SlotRing<{ n: number }>(10, 4, () => ({ n: 0 }));
const numbers = (slots: readonly { n: number }[]) => slots.map(({ n }) => n).sort((a, b) => a - b);

describe('SlotRing', () => {
  it.each([
    [39, 40, -Infinity, [1, 2, 3, 4]],
    [39, 20, -Infinity, [3, 4]],
    [39, 11, -Infinity, [3, 4]],
    [39, 999, -Infinity, [1, 2, 3, 4]],
    [39, 40, 15, [3, 4]],
    [49, 40, -Infinity, [2, 3, 4]],
    [999, 40, -Infinity, []],
    [19, 40, -Infinity, [1, 2]],
  ])('at %i, the last %i ms after %i: %j', (nowMs, lastMs, afterMs, expected) => {
    const slots = ring();
    for (const [index, ms] of [0, 10, 25, 39].entries()) slots.at(ms).n = index + 1;
    expect(numbers(slots.since(nowMs, lastMs, afterMs))).toEqual(expected);
  });

  it('never holds more than its size, whatever the times', () => {
    const slots = ring();
    for (let ms = -1_000; ms < 10_000; ms += 3) slots.at(ms).n += 1;
    expect(slots.since(9_999, Infinity)).toHaveLength(4);
  });

  it('one moment, one slot', () => {
    const slots = ring();
    expect(slots.at(-1)).toBe(slots.at(-10));
    expect(slots.at(-1)).not.toBe(slots.at(0));
  });
});
