import { describe, expect, it } from '@jest/globals';
import { AGED_TURN_EVERY, isInteractive, LANES, laneOf, nextInLine, type NextInLine } from './next-in-line.js';

const URGENT = laneOf('urgent', false);
const NORMAL = laneOf('normal', false);
const BACKGROUND = laneOf('background', false);
const DEFERRED_URGENT = laneOf('urgent', true);
const DEFERRED_BACKGROUND = laneOf('background', true);
const calm = { nowMs: 1_000, turns: 0, ageingMs: 10_000, isOverrun: false };
const AGED_TURN = AGED_TURN_EVERY - 1;
const since = (arrivals: Record<number, number>) => ({ oldestSinceMs: (lane: number) => arrivals[lane] });

describe('nextInLine', () => {
  it('fresh before deferred, urgent before normal before background', () => {
    const lanes = [false, true].flatMap((isDeferred) =>
      (['urgent', 'normal', 'background'] as const).map((priority) => laneOf(priority, isDeferred)),
    );
    expect(lanes).toEqual([0, 1, 2, 3, 4, 5]);
    expect(LANES).toBe(6);
    expect(lanes.map(isInteractive)).toEqual([true, true, false, false, false, false]);
  });

  it.each<[what: string, arrivals: Record<number, number>, own: object, next: NextInLine | undefined]>([
    ['nobody', {}, {}, undefined],
    ['the best rank', { [NORMAL]: 0, [URGENT]: 900 }, {}, { lane: URGENT, end: 'oldest' }],
    [
      'background before deferred',
      { [DEFERRED_URGENT]: 0, [BACKGROUND]: 900 },
      {},
      { lane: BACKGROUND, end: 'oldest' },
    ],
    ['first in, first out', { [NORMAL]: 0 }, {}, { lane: NORMAL, end: 'oldest' }],
    ['last in, first out when overrun', { [NORMAL]: 0 }, { isOverrun: true }, { lane: NORMAL, end: 'newest' }],
    ['but not for background', { [BACKGROUND]: 0 }, { isOverrun: true }, { lane: BACKGROUND, end: 'oldest' }],
    ['nor for deferred ones', { [DEFERRED_URGENT]: 0 }, { isOverrun: true }, { lane: DEFERRED_URGENT, end: 'oldest' }],
    [
      'an aged turn for the oldest of all',
      { [URGENT]: 9_000, [DEFERRED_BACKGROUND]: 0 },
      { turns: AGED_TURN, nowMs: 10_000 },
      { lane: DEFERRED_BACKGROUND, end: 'oldest' },
    ],
    [
      'also when overrun',
      { [URGENT]: 0 },
      { turns: AGED_TURN, nowMs: 10_000, isOverrun: true },
      { lane: URGENT, end: 'oldest' },
    ],
    [
      'nobody is aged yet',
      { [URGENT]: 9_000, [DEFERRED_BACKGROUND]: 1 },
      { turns: AGED_TURN, nowMs: 10_000 },
      { lane: URGENT, end: 'oldest' },
    ],
    [
      'any other turn',
      { [URGENT]: 9_000, [DEFERRED_BACKGROUND]: 0 },
      { turns: AGED_TURN + 1, nowMs: 10_000 },
      { lane: URGENT, end: 'oldest' },
    ],
  ])('%s', (_what, arrivals, own, next) => {
    expect(nextInLine(since(arrivals), { ...calm, ...own })).toEqual(next);
  });
});
