import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/index.js';
import { wait } from './wait.js';

describe('wait (R15)', () => {
  it.each([0, 1, 2500, 2 ** 40])(
    '%d ms: whole, not a millisecond early, and nothing is left behind',
    async (delayMs) => {
      const clock = new ManualClock();
      const { signal } = new AbortController();
      const ends: [whole: boolean, atMs: number][] = [];
      void wait(clock, delayMs, signal).then((whole) => ends.push([whole, clock.nowMs()]));
      expect(clock.nextTimerInMs).toBe(delayMs);
      await clock.advance(delayMs);
      expect(ends).toEqual([[true, delayMs]]);
      expect(clock.pendingTimers).toBe(0);
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    },
  );

  it('ends at once when aborted midway: no timer, no listener', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const waiting = wait(clock, 60_000, controller.signal);
    await clock.advance(10_000);
    expect([clock.pendingTimers, getEventListeners(controller.signal, 'abort').length]).toEqual([1, 1]);
    controller.abort();
    expect(clock.pendingTimers).toBe(0);
    await expect(waiting).resolves.toBe(false);
    expect(clock.nowMs()).toBe(10_000);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('does not begin when aborted before', async () => {
    const clock = new ManualClock();
    await expect(wait(clock, 60_000, AbortSignal.abort())).resolves.toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('needs no signal', async () => {
    const clock = new ManualClock();
    const waiting = wait(clock, 5, undefined);
    await clock.advance(5);
    await expect(waiting).resolves.toBe(true);
  });

  it('is not changed by an abort after its end', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const waiting = wait(clock, 5, controller.signal);
    await clock.advance(5);
    controller.abort();
    await expect(waiting).resolves.toBe(true);
  });
});
