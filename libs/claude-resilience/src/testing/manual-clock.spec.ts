import { describe, expect, it } from '@jest/globals';
import { ManualClock } from './manual-clock.js';

describe('ManualClock', () => {
  it('stands still until told otherwise', async () => {
    const clock = new ManualClock(1000);
    expect([clock.nowMs(), clock.wallMs(), clock.pendingTimers, clock.nextTimerInMs]).toEqual([0, 1000, 0, undefined]);
    await clock.advance(250);
    expect([clock.nowMs(), clock.wallMs()]).toEqual([250, 1250]);
  });

  it('fires timers in order, each at its own time, and those they set', async () => {
    const clock = new ManualClock();
    const fired: [string, number][] = [];
    const note = (name: string) => () => void fired.push([name, clock.nowMs()]);
    clock.after(20, note('late'));
    clock.after(10, () => {
      note('early')();
      clock.after(5, note('set by early'));
    });
    clock.after(10, note('as early'));
    clock.after(31, note('never'))();
    await clock.advance(30);
    expect(fired).toEqual([
      ['early', 10],
      ['as early', 10],
      ['set by early', 15],
      ['late', 20],
    ]);
    expect(clock.nowMs()).toBe(30);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets promises that wait for a timer go on before the next one fires', async () => {
    const clock = new ManualClock();
    const order: string[] = [];
    const first = new Promise<void>((resolve) => clock.after(10, resolve));
    void first.then(() => order.push('continued'));
    clock.after(20, () => order.push('second'));
    await clock.advance(20);
    expect(order).toEqual(['continued', 'second']);
  });

  it('says what is pending', () => {
    const clock = new ManualClock();
    clock.after(20, () => {});
    const cancel = clock.after(10, () => {});
    expect([clock.pendingTimers, clock.nextTimerInMs]).toEqual([2, 10]);
    cancel();
    expect([clock.pendingTimers, clock.nextTimerInMs]).toEqual([1, 20]);
  });
});
