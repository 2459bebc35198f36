import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/manual-clock.js';
import { StreamWatch } from './stream-watch.js';

const DEADLINE_MS = 60_000;

/** One whose turns end when the test says so. */
class TurningClock extends ManualClock {
  looks = 0;
  #due: (() => void)[] = [];

  override nowMs(): number {
    this.looks++;
    return super.nowMs();
  }

  override afterTurn(callback: () => void): void {
    this.#due.push(callback);
  }

  endTurn(): void {
    const due = this.#due;
    this.#due = [];
    for (const callback of due) callback();
  }
}

function start<C extends ManualClock>(clock: C) {
  const caller = new AbortController();
  const call = { deadlineAtMs: clock.nowMs() + DEADLINE_MS, fairTimeoutMs: 20_000 };
  const watch = new StreamWatch(call, clock, caller.signal);
  const stopped: unknown[] = [];
  const startedAtMs = clock.nowMs();
  void watch.stopped.then((facts) => stopped.push({ ...facts, atMs: clock.nowMs() - startedAtMs }));
  return { clock, caller, watch, stopped };
}

describe('one request of a stream under watch', () => {
  it.each([
    ['its own limit', 10_000, { from: 'timeout', limit: 'silence', atMs: 10_000 }],
    [
      'the deadline, where that is sooner',
      90_000,
      { from: 'timeout', limit: 'deadline', isHurried: false, atMs: 60_000 },
    ],
  ])('a wait ends by %s', async (_what, ms, ended) => {
    const { clock, watch, stopped } = start(new ManualClock());
    watch.begin('silence', ms);
    await clock.advance(ended.atMs - 1);
    expect(stopped).toEqual([]);
    await clock.advance(1);
    expect(stopped).toEqual([ended]);
    expect(watch.end()).toBe(false);
  });

  it('a deadline that left a request little time is no fault of the service', async () => {
    const { clock, watch, stopped } = start(new ManualClock());
    await clock.advance(45_000);
    watch.begin('silence', 30_000);
    await clock.advance(15_000);
    expect(stopped).toEqual([{ from: 'timeout', limit: 'deadline', isHurried: true, atMs: 60_000 }]);
  });

  it('every wait has its limit anew, and one timer does', async () => {
    const { clock, watch, stopped } = start(new ManualClock());
    for (let n = 0; n < 20; n++) {
      watch.begin('silence', 10_000);
      await clock.advance(n % 2 === 0 ? 0.25 : 4_000);
      expect([watch.end(), clock.pendingTimers]).toEqual([true, 1]);
    }
    watch.begin('silence', 10_000);
    await clock.advance(9_999);
    expect(stopped).toEqual([]);
    await clock.advance(1);
    expect(stopped).toHaveLength(1);
  });

  it('events that come quickly set no timer anew, and none is late for it', async () => {
    const clock = new ManualClock();
    let set = 0;
    const after = clock.after.bind(clock);
    clock.after = (...args) => (set++, after(...args));
    const { watch, stopped } = start(clock);
    for (let n = 0; n < 100; n++) {
      watch.begin('silence', 10_000);
      await clock.advance(40);
      watch.end();
    }
    expect([set, clock.pendingTimers]).toEqual([1, 1]);
    watch.begin('silence', 10_000);
    await clock.advance(10_000);
    expect(stopped).toEqual([{ from: 'timeout', limit: 'silence', atMs: 14_000 }]);
  });

  it('of a burst only the wait that is left counts, from the end of the burst, with one look at the clock', async () => {
    const { clock, watch, stopped } = start(new TurningClock());
    const before = clock.looks;
    for (let n = 0; n < 100; n++) {
      watch.begin('silence', 10_000);
      if (n < 99) watch.end();
    }
    await clock.advance(5_000); // what runs takes its time
    clock.endTurn();
    expect([clock.looks - before, clock.nextTimerInMs]).toEqual([1, 10_000]);
    await clock.advance(9_999);
    expect(stopped).toEqual([]);
    await clock.advance(1);
    expect(stopped).toMatchObject([{ limit: 'silence', atMs: 15_000 }]);
  });

  it('a burst that leaves no wait sets no timer, and the next is watched', async () => {
    const { clock, watch, stopped } = start(new TurningClock());
    watch.begin('silence', 10_000);
    watch.end();
    clock.endTurn();
    expect(clock.pendingTimers).toBe(0);
    watch.begin('silence', 10_000);
    clock.endTurn();
    await clock.advance(10_000);
    expect(stopped).toHaveLength(1);
  });

  it('between two waits no time counts', async () => {
    const { clock, watch, stopped } = start(new ManualClock());
    watch.begin('silence', 10_000);
    expect(watch.end()).toBe(true);
    await clock.advance(50_000);
    expect(stopped).toEqual([]);
  });

  it.each(['before', 'during'])('whoever gives up %s a wait ends it', async (when) => {
    const { caller, clock, watch, stopped } = start(new ManualClock());
    if (when === 'before') caller.abort();
    watch.begin('first_event', 10_000);
    if (when === 'during') caller.abort();
    await clock.advance(0);
    expect(stopped).toEqual([{ from: 'abort', atMs: 0 }]);
  });

  it('whoever gives up between two waits is heard of by the reader’s side', async () => {
    const { caller, clock, watch, stopped } = start(new ManualClock());
    caller.abort();
    await clock.advance(60_000);
    expect(stopped).toEqual([]);
    expect(watch.end()).toBe(true);
  });

  it('closed, it leaves nothing behind', async () => {
    const { clock, caller, watch, stopped } = start(new ManualClock());
    watch.begin('silence', 10_000);
    watch.close();
    expect(clock.pendingTimers).toBe(0);
    caller.abort();
    await clock.advance(60_000);
    expect(stopped).toEqual([]);
  });
});
