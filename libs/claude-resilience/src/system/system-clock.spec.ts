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

/** One that a test sets; the time of day has whole milliseconds. */
class SetClock extends SystemClock {
  ms = 0;
  dayMs = 1_000;
  looks = 0;

  override nowMs(): number {
    return this.ms;
  }

  override wallMs(): number {
    this.looks += 1;
    return Math.floor(this.dayMs + this.ms);
  }
}

describe('SystemClock', () => {
  it('tells monotonic time, and the time of day', () => {
    const before = [performance.now(), Date.now()] as const;
    const [now, wall] = [clock.nowMs(), clock.wallMs()];
    expect(now).toBeGreaterThanOrEqual(before[0]);
    expect(now).toBeLessThanOrEqual(performance.now());
    expect(wall).toBeGreaterThanOrEqual(before[1]);
    expect(wall).toBeLessThanOrEqual(Date.now());
  });

  it('knows the time of day of a moment that has been looked at, within a millisecond and never too late', () => {
    const told = Array.from({ length: 1_000 }, () => {
      const [beforeMs, nowMs] = [Date.now(), clock.nowMs()];
      return [clock.wallAt(nowMs) - beforeMs, Date.now() - clock.wallAt(nowMs)] as const;
    });
    expect(Math.min(...told.map(([sinceBefore]) => sinceBefore))).toBeGreaterThanOrEqual(-1);
    expect(Math.min(...told.map(([, untilAfter]) => untilAfter))).toBeGreaterThanOrEqual(0);
    expect(Number.isInteger(clock.wallAt(clock.nowMs()))).toBe(true);
  });

  it('looks at the time of day seldom for that, and soon sees that somebody has set it', () => {
    const set = new SetClock();
    const at = (ms: number) => ((set.ms = ms), set.wallAt(ms));
    expect([at(0.7), at(0.9), at(50.4)]).toEqual([1_000, 1_000, 1_049]);
    expect(set.looks).toBe(1);
    expect([at(101), at(101.5), at(150.5)]).toEqual([1_101, 1_101, 1_150]); // now it is known better
    expect([at(201.9), at(202.1)]).toEqual([1_201, 1_202]); // and stays so
    expect(set.looks).toBe(3);
    set.dayMs += 3_600_000;
    expect([at(301), at(302)]).toEqual([1_301, 3_601_302]);
    set.dayMs -= 7_200_000;
    expect([at(400), at(403)]).toEqual([3_601_400, -3_598_597]);
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
