import { describe, expect, it } from '@jest/globals';
import { ScriptedRandom } from '../../testing/scripted-random.js';
import { Pause } from './pause.js';

const wakeUps = (pause: Pause, callers: number, fromMs: number): number[] => {
  let nowMs = fromMs;
  return Array.from({ length: callers }, (_, n) => {
    while (pause.nextAtMs(nowMs, callers - n) > nowMs) nowMs = pause.nextAtMs(nowMs, callers - n);
    pause.went(nowMs);
    return nowMs;
  });
};

describe('Pause', () => {
  it('is none at first', () => {
    const pause = new Pause(new ScriptedRandom(0.5));
    expect([pause.untilMs, pause.nextAtMs(7, 1)]).toEqual([-Infinity, 7]);
  });

  it.each([
    [0, 2_000, 3_000],
    [0.5, 2_000, 3_100],
    [0.5, 60_000, 61_125],
    [0, 1e12, 3_601_000],
  ])('with random %d, told %d ms at 1000: until %d', (random, forMs, untilMs) => {
    const pause = new Pause(new ScriptedRandom(random));
    pause.told(forMs, 1_000);
    expect([pause.untilMs, pause.nextAtMs(1_000, 1)]).toEqual([untilMs, untilMs]);
  });

  it('the longest counts', () => {
    const pause = new Pause(new ScriptedRandom(0));
    pause.told(2_000, 0);
    pause.told(1_000, 500);
    expect(pause.untilMs).toBe(2_000);
  });

  it.each([
    [200, 0],
    [0, 200],
    [100, 100],
    [40, 0],
    [10, 0],
  ])('%i told, %i waiting: none early, at most a fifth in any 100 ms, none held for long', (told, waiting) => {
    const pause = new Pause(new ScriptedRandom(0));
    for (let n = 0; n < Math.max(1, told); n++) pause.told(2_000, 0);
    const woken = wakeUps(pause, told + waiting, 0);
    const worst = Math.max(...woken.map((from) => woken.filter((at) => at >= from && at < from + 100).length));
    expect(woken[0]).toBe(2_000);
    expect(worst).toBeLessThanOrEqual((told + waiting) / 5);
    expect(woken.at(-1)).toBeLessThanOrEqual(4_100);
  });

  it('afterwards everything is as before', () => {
    const pause = new Pause(new ScriptedRandom(0));
    pause.told(2_000, 0);
    // One was told, two wait: it may be one of them, or not.
    wakeUps(pause, 2, 2_000);
    pause.went(2_500);
    expect(pause.nextAtMs(2_501, 5)).toBe(2_501);
  });

  it('a pause during the waking begins anew', () => {
    const pause = new Pause(new ScriptedRandom(0));
    pause.told(2_000, 0);
    wakeUps(pause, 1, 2_000);
    pause.told(1_000, 2_001);
    expect(pause.nextAtMs(2_500, 1)).toBe(3_001);
  });
});
