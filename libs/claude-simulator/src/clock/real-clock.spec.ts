import { describe, expect, it } from '@jest/globals';
import { RealClock } from './real-clock.js';

describe('RealClock', () => {
  it('reads whole milliseconds that never go back', () => {
    const clock = new RealClock();
    const readings = Array.from({ length: 100 }, () => clock.nowMs());
    expect(readings).toEqual([...readings].sort((a, b) => a - b));
    expect(readings.every(Number.isInteger)).toBe(true);
  });

  it('ends a sleep at once when its signal aborts', async () => {
    const left = new AbortController();
    const sleeping = new RealClock().sleep(2 ** 30, left.signal);
    left.abort();
    await expect(sleeping).resolves.toBeUndefined();
  });
});
