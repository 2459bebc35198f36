import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BatchTimeline, endsAtMs, fateOf, statusAt } from './batch-timeline.js';

const dates: fc.Arbitrary<BatchTimeline> = fc
  .record({
    createdAtMs: fc.constant(1_000),
    durationMs: fc.nat(10_000),
    expiresAtMs: fc.integer({ min: 1_000, max: 12_000 }),
    cancelledAtMs: fc.option(fc.integer({ min: 1_000, max: 12_000 })),
    cancelMs: fc.nat(1_000),
  })
  // What has ended cannot be cancelled any more.
  .filter((t) => t.cancelledAtMs === null || statusAt({ ...t, cancelledAtMs: null }, t.cancelledAtMs) !== 'ended');

describe('whatever the dates', () => {
  it('the end comes once, and not before a cancellation', () => {
    fc.assert(
      fc.property(dates, (timeline) => {
        const end = endsAtMs(timeline);
        expect(statusAt(timeline, end - 1)).not.toBe('ended');
        expect(statusAt(timeline, end)).toBe('ended');
        expect(end).toBeGreaterThanOrEqual(timeline.cancelledAtMs ?? 0);
      }),
    );
  });

  it('no item is processed after the end, and none before it that was processed is lost', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 20 }), (timeline, count) => {
        const fates = Array.from({ length: count }, (_, position) => fateOf(timeline, position, count));
        const processed = fates.lastIndexOf('processed') + 1;
        // One after the other: those that were processed come first, and the rest share one fate.
        expect(new Set(fates.slice(0, processed)).size).toBeLessThanOrEqual(1);
        expect(new Set(fates.slice(processed)).size).toBeLessThanOrEqual(1);
        const lastDueMs = timeline.createdAtMs + (timeline.durationMs * processed) / count;
        expect(lastDueMs).toBeLessThanOrEqual(endsAtMs(timeline));
        if (fates.includes('canceled')) expect(timeline.cancelledAtMs).not.toBeNull();
        const ran =
          endsAtMs(timeline) === timeline.createdAtMs + timeline.durationMs && timeline.cancelledAtMs === null;
        if (ran) expect(processed).toBe(count);
      }),
    );
  });
});
