import { describe, expect, it } from '@jest/globals';
import {
  AGED_TURN_EVERY,
  AGED_TURN_EVERY_OVERRUN,
  isInteractive,
  LANES,
  laneOf,
  nextInLine,
  type NextInLine,
} from './next-in-line.js';

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
    ['the best rank', { [NORMAL]: 0, [URGENT]: 900 }, {}, { lane: URGENT, who: 'hurried' }],
    [
      'background before deferred',
      { [DEFERRED_URGENT]: 0, [BACKGROUND]: 900 },
      {},
      { lane: BACKGROUND, who: 'hurried' },
    ],
    ['the earliest deadline', { [NORMAL]: 0 }, {}, { lane: NORMAL, who: 'hurried' }],
    ['last in, first out when overrun', { [NORMAL]: 0 }, { isOverrun: true }, { lane: NORMAL, who: 'newest' }],
    ['but not for background', { [BACKGROUND]: 0 }, { isOverrun: true }, { lane: BACKGROUND, who: 'hurried' }],
    ['nor for deferred ones', { [DEFERRED_URGENT]: 0 }, { isOverrun: true }, { lane: DEFERRED_URGENT, who: 'hurried' }],
    [
      'an aged turn for the oldest of all',
      { [URGENT]: 9_000, [DEFERRED_BACKGROUND]: 0 },
      { turns: AGED_TURN, nowMs: 10_000 },
      { lane: DEFERRED_BACKGROUND, who: 'oldest' },
    ],
    [
      'also when overrun, but far fewer of them',
      { [URGENT]: 9_000, [DEFERRED_BACKGROUND]: 0 },
      { turns: AGED_TURN_EVERY_OVERRUN - 1, nowMs: 10_000, isOverrun: true },
      { lane: DEFERRED_BACKGROUND, who: 'oldest' },
    ],
    [
      'when overrun the eighth turn is one as any other',
      { [URGENT]: 9_000, [DEFERRED_BACKGROUND]: 0 },
      { turns: AGED_TURN, nowMs: 10_000, isOverrun: true },
      { lane: URGENT, who: 'newest' },
    ],
    [
      'nobody is aged yet',
      { [URGENT]: 9_000, [DEFERRED_BACKGROUND]: 1 },
      { turns: AGED_TURN, nowMs: 10_000 },
      { lane: URGENT, who: 'hurried' },
    ],
    [
      'any other turn',
      { [URGENT]: 9_000, [DEFERRED_BACKGROUND]: 0 },
      { turns: AGED_TURN + 1, nowMs: 10_000 },
      { lane: URGENT, who: 'hurried' },
    ],
  ])('%s', (_what, arrivals, own, next) => {
    expect(nextInLine(since(arrivals), { ...calm, ...own })).toEqual(next);
  });
});
