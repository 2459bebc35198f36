import { performance } from 'node:perf_hooks';
import { describe, expect, it } from '@jest/globals';
import { SystemClock } from './system-clock.js';

const clock = new SystemClock();
const passed = (delayMs: number) =>
  new Promise<number>((resolve) => {
    const startMs = performance.now();
    clock.after(delayMs, () => resolve(performance.now() - startMs));
  });

/** Timers that keep the process alive. */
const refs = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('SystemClock', () => {
  it('tells monotonic time, and the time of day', () => {
    const before = [performance.now(), Date.now()] as const;
    const [now, wall] = [clock.nowMs(), clock.wallMs()];
    expect(now).toBeGreaterThanOrEqual(before[0]);
    expect(now).toBeLessThanOrEqual(performance.now());
    expect(wall).toBeGreaterThanOrEqual(before[1]);
    expect(wall).toBeLessThanOrEqual(Date.now());
  });

  it('a turn ends after all promises that are ready, and before any timer', async () => {
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      setImmediate(() => {
        setTimeout(() => (seen.push('timer'), resolve()), 0);
        clock.afterTurn(() => seen.push('first turn'));
        void (async () => {
          for (let n = 0; n < 3; n++) await undefined;
          clock.afterTurn(() => seen.push('turn'));
          for (let n = 0; n < 3; n++) await undefined;
          seen.push('promises');
        })();
      });
    });
    expect(seen).toEqual(['first turn', 'promises', 'turn', 'timer']);
  });

  it.each([0, 0.5, 1, 1.2, 5])('after %d ms is never early', async (delayMs) => {
    const waits = await Promise.all(Array.from({ length: 50 }, () => passed(delayMs)));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(delayMs);
  });

  it('housekeeping fires, too, and can be cancelled; the process does not live on for it', async () => {
    const called: string[] = [];
    const before = refs();
    clock.afterUnref(1, () => called.push('housekeeping'));
    clock.afterUnref(1, () => called.push('cancelled'))();
    expect(refs()).toBe(before);
    const cancel = clock.after(60_000, () => {});
    expect(refs()).toBe(before + 1);
    cancel();
    await passed(20);
    expect(called).toEqual(['housekeeping']);
  });

  it('does not call back once cancelled', async () => {
    const called: string[] = [];
    const cancel = clock.after(2, () => called.push('cancelled'));
    clock.after(1, () => called.push('kept'));
    cancel();
    await passed(5);
    expect(called).toEqual(['kept']);
    cancel();
  });

  it.each([2 ** 31 - 1, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE])(
    'a delay of %d ms does not fire at once',
    async (delayMs) => {
      let fired = false;
      const cancel = clock.after(delayMs, () => (fired = true));
      await passed(5);
      cancel();
      expect(fired).toBe(false);
    },
  );
});
