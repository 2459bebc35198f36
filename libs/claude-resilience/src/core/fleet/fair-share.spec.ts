import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock } from '../../testing/index.js';
import { fairShare } from './fair-share.js';
import { MemoryFleet } from './memory-fleet.js';

const other = (share: number, wants: number) => ({ share, wants });

describe('fairShare', () => {
  it.each<[what: string, wants: number, others: ReturnType<typeof other>[], held: number, share: number]>([
    ['alone', 5, [], 0, 1],
    ['alone, and nothing is wanted', 0, [], 0, 1],
    ['nothing is free', 5, [other(1, 5)], 0, 0],
    ['what is free, and no more', 5, [other(0.7, 5)], 0, 0.3],
    ['half of it', 5, [other(0.5, 5)], 0, 0.5],
    ['gives up what another one needs', 5, [other(0, 15)], 1, 0.005 + 0.99 * 0.25],
    ['a little less is no reason to give up any', 4.9, [other(0.5, 5)], 0.5, 0.5],
    ['a little more is taken where it is free', 5.1, [other(0.48, 5)], 0.5, 0.005 + (0.99 * 5.1) / 10.1],
    ['nobody wants anything: evenly', 0, [other(0.2, 0), other(0.2, 0)], 0.2, 1 / 3],
    ['who wants nothing keeps a foot in the door', 0, [other(0.5, 10)], 0.5, 0.005],
  ])('%s', (_what, wants, others, held, expected) => {
    const share = others.reduce((sum, one) => sum + one.share, 0);
    const wanted = others.reduce((sum, one) => sum + one.wants, 0);
    expect(fairShare(wants, { count: others.length, share, wants: wanted }, held)).toBeCloseTo(expected, 9);
  });

  it('all shares together are never above 1, whoever comes, goes, sleeps and wants', async () => {
    const step = fc.record({
      replica: fc.constantFrom('a', 'b', 'c', 'd'),
      wants: fc.constantFrom(0, 1, 5, 100),
      passMs: fc.constantFrom(0, 10, 1_000, 4_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = new ManualClock();
        const fleet = new MemoryFleet(clock);
        const good = new Map<string, { share: number; untilMs: number }>();
        for (const { replica, wants, passMs } of steps) {
          await clock.advance(passMs);
          const beat = {
            replica,
            wants: { l: wants },
            holds: {},
            leases: [],
            adds: {},
            addsId: 0,
            sums: [],
            since: '',
          };
          const share = (await fleet.beat(beat)).shares['l'] ?? 0;
          good.set(replica, { share, untilMs: clock.nowMs() + 3_500 });
          const sum = [...good.values()].reduce((all, one) => all + (one.untilMs > clock.nowMs() ? one.share : 0), 0);
          expect(sum).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('settles within a few beats, at what each wants, and leaves nothing unused', async () => {
    const clock = new ManualClock();
    const fleet = new MemoryFleet(clock);
    const wanted = { a: 50, b: 30, c: 20 };
    const shares: Record<string, number> = {};
    for (let round = 0; round < 4; round++) {
      for (const [replica, wants] of Object.entries(wanted)) {
        const beat = { replica, wants: { l: wants }, holds: {}, leases: [], adds: {}, addsId: 0, sums: [], since: '' };
        shares[replica] = (await fleet.beat(beat)).shares['l'] ?? 0;
      }
      await clock.advance(1_000);
    }
    expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeGreaterThan(0.98);
    expect(shares).toEqual({
      a: expect.closeTo(0.5, 1),
      b: expect.closeTo(0.3, 1),
      c: expect.closeTo(0.2, 1),
    });
  });
});
