import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual-clock.js';
import { FarTimers } from './far-timers.js';

/** On a clock that a test moves; what the process would be kept alive for is counted. */
function world() {
  const clock = new ManualClock();
  const seen = { set: 0, held: 0 };
  const timers = new FarTimers({
    nowMs: () => clock.nowMs(),
    after: (delayMs, callback) => {
      seen.set++;
      return clock.after(delayMs, callback);
    },
    alarm: (delayMs, callback) => {
      let wasHeld = false;
      const hold = (isHeld: boolean) => {
        if (isHeld !== wasHeld) seen.held += isHeld ? 1 : -1;
        wasHeld = isHeld;
      };
      const over = () => hold(false);
      const cancel = clock.after(delayMs, () => (over(), callback()));
      return { cancel: () => (over(), cancel()), hold };
    },
  });
  const fired: string[] = [];
  const after = (delayMs: number, name = String(delayMs)) =>
    timers.at(clock.nowMs() + delayMs, () => fired.push(`${name} at ${clock.nowMs() - startedAtMs}`));
  const startedAtMs = clock.nowMs();
  return { clock, seen, fired, after, timers };
}

describe('timers that are far off', () => {
  it.each([2_000, 2_000.5, 2_999, 3_000, 60_000, 120_000, 3_600_000])(
    'fires after %d ms, not before',
    async (delayMs) => {
      const { clock, fired, after } = world();
      after(delayMs);
      await clock.advance(delayMs - 0.25);
      expect(fired).toEqual([]);
      await clock.advance(0.25);
      expect(fired).toEqual([`${delayMs} at ${delayMs}`]);
      await clock.advance(7_200_000);
      expect(fired).toHaveLength(1);
    },
  );

  it('at rest leaves nothing behind, unless somebody waits, and goes on when it is asked again', async () => {
    const { clock, seen, fired, after, timers } = world();
    const cancel = after(60_000, 'waiting');
    timers.rest();
    expect([clock.pendingTimers, seen.held]).toEqual([1, 1]);
    cancel();
    timers.rest();
    expect([clock.pendingTimers, seen.held]).toEqual([0, 0]);
    after(60_000, 'later');
    await clock.advance(60_000);
    expect(fired).toEqual(['later at 60000']);
  });

  it('fires in the order of the moments, whatever the order of setting', async () => {
    const { clock, fired, after } = world();
    for (const delayMs of [9_000, 2_500, 60_000, 2_200, 9_001, 4_000]) after(delayMs);
    await clock.advance(70_000);
    expect(fired).toEqual([2_200, 2_500, 4_000, 9_000, 9_001, 60_000].map((ms) => `${ms} at ${ms}`));
  });

  it.each([0, 59_500, 59_999.5])(
    'one that is cancelled after %d ms never fires; the others do',
    async (cancelledMs) => {
      const { clock, fired, after } = world();
      const cancels = ['first', 'middle', 'last'].map((name) => after(60_000, name));
      await clock.advance(cancelledMs);
      cancels[1]?.();
      cancels[1]?.();
      await clock.advance(61_000);
      expect(fired).toEqual(['first at 60000', 'last at 60000']);
    },
  );

  it('ten thousand that are cancelled in time never had a timer of their own', async () => {
    const { clock, seen, fired, after } = world();
    for (let n = 0; n < 10_000; n++) {
      const cancel = after(60_000);
      await clock.advance(10);
      cancel();
    }
    await clock.advance(200_000);
    expect({ fired, set: seen.set }).toEqual({ fired: [], set: 0 });
  });

  it('keeps the process alive for as long as somebody waits, and no longer', async () => {
    const { clock, seen, after } = world();
    const cancel = after(10_000);
    expect(seen.held).toBe(1);
    cancel();
    expect(seen.held).toBe(0);
    const other = after(20_000);
    after(5_000);
    expect(seen.held).toBe(1);
    await clock.advance(6_000);
    expect(seen.held).toBe(1);
    other();
    expect(seen.held).toBe(0);
  });

  it('one set while others fire is not lost', async () => {
    const { clock, fired, after } = world();
    after(3_000);
    await clock.advance(3_000);
    after(2_000, 'again');
    await clock.advance(2_000);
    expect(fired).toEqual(['3000 at 3000', 'again at 5000']);
  });
});
