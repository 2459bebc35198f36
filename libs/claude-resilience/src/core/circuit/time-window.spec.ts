import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TimeWindow } from './time-window.js';

const EMPTY = { calls: 0, failures: 0, slow: 0, failuresInARow: 0 };

describe('TimeWindow (R19)', () => {
  it('counts calls, failures and slow ones', () => {
    const window = new TimeWindow(60_000);
    window.record(true, false, 0);
    window.record(false, true, 10);
    window.record(true, true, 20);
    expect(window.read(20)).toMatchObject({ calls: 3, failures: 2, slow: 2, failuresInARow: 1 });
  });

  it('tells how long a row of failures has lasted, from its first to its last', () => {
    const window = new TimeWindow(60_000);
    const rowAfter = (failed: boolean, nowMs: number) => {
      window.record(failed, false, nowMs);
      return window.read(nowMs).rowMs;
    };
    expect([rowAfter(true, 100), rowAfter(true, 2_600), rowAfter(false, 3_000), rowAfter(true, 9_000), rowAfter(true, 9_001)]).toEqual([0, 2_500, 0, 0, 1]); // oxfmt-ignore
    window.clear();
    expect(window.read(9_500).rowMs).toBe(0);
  });

  it('is empty at first, and after clear', () => {
    const window = new TimeWindow(60_000);
    expect(window.read(5)).toMatchObject(EMPTY);
    window.record(true, true, 5);
    window.clear();
    expect(window.read(5)).toMatchObject(EMPTY);
    window.record(true, false, 6);
    expect(window.read(6)).toMatchObject({ calls: 1, failures: 1, slow: 0, failuresInARow: 1 });
  });

  it.each([
    [0, 60_000, 1],
    [0, 60_999, 1],
    [0, 61_000, 0],
    [999, 60_999, 1],
    [999, 61_000, 0],
    [123_456_789, 123_516_789, 1],
    [123_456_789, 123_517_000, 0],
    [0, 1e12, 0],
  ])('60 s cover the whole span and at most a second more: recorded at %i, read at %i: %i', (atMs, readMs, calls) => {
    const window = new TimeWindow(60_000);
    window.record(false, false, atMs);
    expect(window.read(readMs).calls).toBe(calls);
  });

  it.each([1, 59, 60, 61, 62, 120, 1e6])('forgets idle time on the next touch: %i slices later', (slices) => {
    const window = new TimeWindow(60_000);
    window.record(true, true, 500);
    window.record(false, false, 500 + slices * 1000);
    const calls = slices <= 60 ? 2 : 1;
    expect(window.read(500 + slices * 1000)).toMatchObject({
      calls,
      failures: calls - 1,
      slow: calls - 1,
      failuresInARow: 0,
    });
  });

  it('keeps the failures in a row when time has forgotten the calls', () => {
    const window = new TimeWindow(1000);
    window.record(true, false, 0);
    window.record(true, false, 0);
    expect(window.read(1e9)).toMatchObject({ ...EMPTY, failuresInARow: 2 });
  });

  it('stands still when the clock goes back', () => {
    const window = new TimeWindow(60_000);
    window.record(true, false, 100_000);
    window.record(true, false, 50_000);
    expect(window.read(0).failures).toBe(2);
    expect(window.read(161_000).failures).toBe(0);
  });

  it('agrees with a list of everything: nothing younger than the span is lost, nothing over 61/60 of it is kept', () => {
    const step = fc.record({
      pauseMs: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 5000 }), fc.nat({ max: 1e6 })),
      failed: fc.boolean(),
      slow: fc.boolean(),
    });
    const spanMs = fc.oneof(fc.constantFrom(30_000, 60_000), fc.integer({ min: 1, max: 100_000 }));
    fc.assert(
      fc.property(
        spanMs,
        fc.integer({ min: 0, max: 1e9 }),
        fc.array(step, { maxLength: 40 }),
        (span, startMs, steps) => {
          const window = new TimeWindow(span);
          const all: { atMs: number; failed: boolean; slow: boolean }[] = [];
          let nowMs = startMs;
          for (const { pauseMs, failed, slow } of steps) {
            nowMs += pauseMs;
            window.record(failed, slow, nowMs);
            all.push({ atMs: nowMs, failed, slow });
            const figures = window.read(nowMs);
            const sure = all.filter(({ atMs }) => nowMs - atMs < span);
            const perhaps = all.filter(({ atMs }) => nowMs - atMs <= (span * 61) / 60);
            for (const [sum, is] of [
              [figures.calls, () => true],
              [figures.failures, (call: (typeof all)[0]) => call.failed],
              [figures.slow, (call: (typeof all)[0]) => call.slow],
            ] as const) {
              expect(sum).toBeGreaterThanOrEqual(sure.filter(is).length);
              expect(sum).toBeLessThanOrEqual(perhaps.filter(is).length);
            }
            const lastSuccess = all.findLastIndex((call) => !call.failed);
            expect(figures.failuresInARow).toBe(all.length - 1 - lastSuccess);
          }
        },
      ),
      { numRuns: 2000, seed: 20261122 },
    );
  });
});
