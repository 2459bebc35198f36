import { describe, expect, it } from '@jest/globals';
import { CALL_PRIORITIES } from '../call.js';
import { PacingWorld, SeededRandom } from '../../testing/pacing-world.js';

describe('twice what is allowed', () => {
  const CASES = [
    { perSecond: 50, burst: 50, snapshot: 'at_admission', maxTransitMs: 0, seed: 1 },
    { perSecond: 50, burst: 50, snapshot: 'at_admission', maxTransitMs: 60, seed: 2 },
    { perSecond: 50, burst: 50, snapshot: 'at_answer', maxTransitMs: 60, seed: 3 },
    { perSecond: 50, burst: 3000, snapshot: 'at_admission', maxTransitMs: 60, seed: 4 },
    { perSecond: 5, burst: 5, snapshot: 'at_answer', maxTransitMs: 60, seed: 5 },
    { perSecond: 1, burst: 60, snapshot: 'at_admission', maxTransitMs: 60, seed: 6 },
  ] as const;
  it.each(CASES)(
    '$perSecond/s, burst $burst, headers $snapshot, transit $maxTransitMs ms: no 429 after the first headers, limit used',
    async ({ perSecond, seed, ...model }) => {
      const world = new PacingWorld({ perSecond, ...model }, {}, seed);
      world.arrive(2 * perSecond, 160_000);
      await world.clock.advance(160_000);
      expect(world.avoidable).toBe(0);
      // From when the burst of the beginning is used up. One more or less at the edges is chance.
      expect(world.sentBetween(100_000, 160_000)).toBeGreaterThanOrEqual(0.98 * 60 * perSecond - 1);
    },
    60_000,
  );

  it('serves most of them at once, and everybody in the end (last in, first out; ageing)', async () => {
    const world = new PacingWorld({ latencyMs: 200 }, {}, 7);
    world.arrive(100, 30_000);
    await world.clock.advance(30_000);
    expect(quantile(world.waitsMs, 0.5)).toBeLessThan(500);
    await world.clock.advance(60_000);
    expect(world.calls.served).toBe(world.calls.made);
    expect(world.clock.pendingTimers).toBe(0);
  }, 60_000);

  it('of tokens: the limit is used, and no 429', async () => {
    const world = new PacingWorld({ inputPerMinute: 300_000 });
    world.arrive(20, 120_000, () => {
      const inputTokens = 200 + Math.round(world.random.next() * 1600);
      return { inputTokens, estimate: { inputTokens: inputTokens * 1.5, outputTokens: 0 } };
    });
    await world.clock.advance(120_000);
    expect(world.refused).toEqual([]);
    expect(world.tokensBetween(60_000, 120_000)).toBeGreaterThanOrEqual(0.98 * 300_000);
    expect(world.tokensBetween(60_000, 120_000)).toBeLessThanOrEqual(1.02 * 300_000);
  }, 60_000);

  it('a limit a minute that is enforced by the second, whatever `remaining` says, is learnt', async () => {
    const world = new PacingWorld({ perSecond: 1, burst: 1, claims: 59, latencyMs: 500 });
    world.arrive(2, 280_000);
    await world.clock.advance(280_000);
    expect(world.refused.length).toBeLessThanOrEqual(5);
    expect(world.sentBetween(60_000, 280_000)).toBeGreaterThanOrEqual(0.85 * 220);
  });

  it.each([
    [2, 0.04],
    [4, 0.08],
  ])(
    '%i replicas that do not know of each other find their shares',
    async (replicas, wastedPerServed) => {
      const world = new PacingWorld({ maxTransitMs: 40 }, {}, 8, replicas);
      world.arrive(100, 60_000);
      await world.clock.advance(60_000);
      expect(world.refused.length / world.calls.served).toBeLessThanOrEqual(wastedPerServed);
      expect(world.sentBetween(20_000, 60_000)).toBeGreaterThanOrEqual(0.95 * 50 * 40);
    },
    60_000,
  );

  it('a share of the limit left to others is left', async () => {
    const world = new PacingWorld({}, { headroomRatio: 0.5 });
    world.arrive(100, 60_000);
    await world.clock.advance(60_000);
    expect(world.sentBetween(20_000, 60_000)).toBeGreaterThanOrEqual(0.98 * 25 * 40);
    expect(world.sentBetween(20_000, 60_000)).toBeLessThanOrEqual(25 * 40 + 1);
  });
});

describe('200 callers told `retry-after: 2` at once', () => {
  it.each([
    [true, 1],
    [true, 2],
    [false, 3],
    [false, 4],
  ])(
    'limits in the headers: %s, seed %i: none early, at most a fifth in 100 ms, all served',
    async (sendsLimits, seed) => {
      const world = new PacingWorld({ sendsLimits, closedUntilMs: 0 }, {}, seed);
      for (let number = 0; number < 200; number++) world.call();
      await world.clock.advance(60_000);
      expect(world.sentBetween(0, 1)).toBe(200);
      expect(world.sentBetween(1, 2_010)).toBe(0);
      expect(world.worst100Ms(1)).toBeLessThanOrEqual(40);
      expect(world.calls.served).toBe(200);
      expect(world.clock.pendingTimers).toBe(0);
    },
  );

  it('the same when they wait here instead of at home', async () => {
    const world = new PacingWorld({ closedUntilMs: 0, perSecond: 1000, burst: 1000 });
    world.call();
    await world.clock.advance(100);
    for (let number = 0; number < 200; number++) world.call();
    await world.clock.advance(20_000);
    expect(world.sentBetween(1, 2_010)).toBe(0);
    expect(world.worst100Ms(1)).toBeLessThanOrEqual(40);
    expect(world.calls.served).toBe(201);
  });
});

it('60 at once where 4 may run at a time, 429s without any header: all served, with few refusals after the first', async () => {
  const world = new PacingWorld({ sendsLimits: false, maxConcurrency: 4, latencyMs: 100 });
  for (let number = 0; number < 60; number++) world.call();
  await world.clock.advance(60_000);
  expect(world.calls.served).toBe(60);
  expect(world.refused.filter(({ sentAtMs }) => sentAtMs === 0).length).toBe(56);
  expect(world.refused.length).toBeLessThanOrEqual(56 + 20);
});

describe('after an outage of a minute', () => {
  it.each([5, 20, 40])(
    '%i/s: few requests into it, slowly back, at the full rate again within 15 s',
    async (perSecond) => {
      const world = new PacingWorld({ outage: [60_000, 120_000] });
      world.arrive(perSecond, 160_000);
      await world.clock.advance(160_000);
      // The last answer comes after 3 s, and 3 s without one are an outage.
      expect(world.sentBetween(67_000, 120_000)).toBeLessThanOrEqual(53 * Math.max(2, perSecond / 5));
      expect(world.sentBetween(120_000, 121_000)).toBeLessThanOrEqual(Math.max(3, perSecond / 4));
      expect(world.sentBetween(134_000, 135_000)).toBeGreaterThanOrEqual(Math.min(45, perSecond));
      expect(world.pacer.snapshot()[0]).not.toHaveProperty('rampPerSecond');
    },
    60_000,
  );
});

describe('whatever happens', () => {
  it.each(Array.from({ length: 40 }, (_, n) => n + 1))(
    'seed %i: every attempt ends, none goes in a pause',
    async (seed) => {
      const chance = new SeededRandom(seed * 7919);
      const oneOf = <T>(...choices: readonly [T, ...T[]]): T =>
        choices[Math.floor(chance.next() * choices.length)] ?? choices[0];
      const outageAtMs = oneOf(3_000, Infinity);
      const perSecond = oneOf(1, 5, 20);
      const world = new PacingWorld(
        {
          perSecond,
          burst: oneOf(1, 5, 50),
          snapshot: oneOf('at_admission', 'at_answer'),
          sendsLimits: oneOf(true, false),
          maxTransitMs: oneOf(0, 100),
          maxConcurrency: oneOf(3, Infinity),
          latencyMs: oneOf(20, 2_000),
          outage: [outageAtMs, outageAtMs + 5_000],
          inputPerMinute: oneOf(20_000, Infinity),
        },
        { maxWaiting: oneOf(5, 10_000), maxConcurrency: oneOf(2, 1_000) },
        seed,
      );
      const pausedMs: [from: number, to: number][] = [];
      world.onDone = () => {
        const until = world.pacer.snapshot()[0]?.pausedUntilMs;
        if (until !== undefined) pausedMs.push([world.clock.nowMs(), until]);
      };
      world.arrive(perSecond * oneOf(0.5, 3), 15_000, () => {
        const controller = new AbortController();
        if (chance.next() < 0.2) world.clock.after(chance.next() * 3_000, () => controller.abort());
        return {
          priority: oneOf(...CALL_PRIORITIES),
          isDeferred: chance.next() < 0.3,
          deadlineAtMs: world.clock.nowMs() + oneOf(500, 10_000, 60_000),
          signal: controller.signal,
          inputTokens: oneOf(0, 500, 30_000),
          estimate: { inputTokens: oneOf(0, 500, 3_000), outputTokens: oneOf(0, 1_000) },
        };
      });
      await world.clock.advance(200_000);
      expect(world.calls.served + world.calls.shed).toBe(world.calls.made);
      for (const [from, to] of pausedMs) expect(world.sentAtMs.filter((atMs) => atMs > from && atMs < to)).toEqual([]);
      const [bucket] = world.pacer.snapshot();
      expect(bucket).toMatchObject({ underWay: 0, waiting: { urgent: 0, normal: 0, background: 0, deferred: 0 } });
      expect(world.clock.pendingTimers).toBe(0);
    },
    60_000,
  );

  it('nobody starves: background and deferred attempts get their turns under urgent ones at twice the limit', async () => {
    const world = new PacingWorld({ perSecond: 10, burst: 10, latencyMs: 200 });
    let deferredServed = 0;
    world.onServed = ({ isDeferred }) => void (isDeferred === true && deferredServed++);
    world.call();
    await world.clock.advance(1_000); // the limit is known
    for (let number = 0; number < 20; number++) world.call({ deadlineAtMs: 5_000 }); // used up
    for (let number = 0; number < 20; number++)
      world.call({ priority: 'background', isDeferred: true, attempt: 2, deadlineAtMs: 400_000 });
    world.arrive(20, 240_000, () => ({ priority: 'urgent', deadlineAtMs: world.clock.nowMs() + 5_000 }));
    await world.clock.advance(240_000);
    expect(deferredServed).toBeGreaterThanOrEqual(20);
    expect(deferredServed).toBeLessThan(world.calls.served / 50); // and the urgent ones hardly notice
  }, 60_000);
});

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}
