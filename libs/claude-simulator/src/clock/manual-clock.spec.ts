import { describe, expect, it } from '@jest/globals';
import { ManualClock } from './manual-clock.js';

const never = new AbortController().signal;

describe('ManualClock', () => {
  it('moves only when told to', () => {
    const clock = new ManualClock(1_000);
    clock.advance(250);
    expect(clock.nowMs()).toBe(1_250);
  });

  it('wakes sleepers when they are due, the earliest first, and nobody sooner', async () => {
    const clock = new ManualClock(0);
    const woken: string[] = [];
    const late = clock.sleep(200, never).then(() => woken.push('late'));
    const early = clock.sleep(100, never).then(() => woken.push('early'));
    clock.advance(99);
    await Promise.resolve();
    expect(woken).toEqual([]);
    clock.advance(101);
    await Promise.all([early, late]);
    expect(woken).toEqual(['early', 'late']);
  });

  it('does not sleep at all for 0 ms', async () => {
    await expect(new ManualClock().sleep(0, never)).resolves.toBeUndefined();
  });

  it('lets a sleeper go when its signal aborts', async () => {
    const left = new AbortController();
    const sleeping = new ManualClock().sleep(1_000, left.signal);
    left.abort();
    await expect(sleeping).resolves.toBeUndefined();
  });

  it('tells when so many are sleeping', async () => {
    const clock = new ManualClock();
    const two = clock.whenSleeping(2);
    void clock.sleep(10, never);
    void clock.sleep(10, never);
    await expect(two).resolves.toBeUndefined();
  });

  it.each([-1, 0.5, Number.NaN])('refuses to advance by %s ms', (ms) => {
    expect(() => new ManualClock().advance(ms)).toThrow(RangeError);
  });
});
