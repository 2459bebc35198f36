import { describe, expect, it, jest } from '@jest/globals';
import { CircuitWorld } from '../../testing/circuit-world.js';
import { SharedCircuits } from './shared-circuits.js';

const ONCE = { maxRetries: 0 };
const NO_RETRIES = { rateLimited: ONCE, serverError: ONCE, overloaded: ONCE, timeout: ONCE, connection: ONCE };
const MINUTE_MS = 60_000;
const FEATURE = 'generation';

// Virtual time takes real time to count through.
jest.setTimeout(120_000);

async function start(replicas: number, { seed = 1, isFleet = true, circuit = {} } = {}) {
  const options = { retry: NO_RETRIES, circuit: { whenOpen: 'refuse', ...circuit } };
  const world = new CircuitWorld(seed, options, (runtime) => {
    const { circuits, upstream, clock } = runtime;
    return isFleet ? [new SharedCircuits({ circuits, upstream, clock, hasQueue: () => false })] : [];
  });
  for (let n = 0; n < replicas; n++) await world.start();
  return world;
}

/** Everything fails in that time. */
function outage(world: CircuitWorld, fromMs: number, toMs: number, how: 'fails' | 'hangs' = 'fails') {
  world.service = (_replica, atMs) => (atMs >= fromMs && atMs < toMs ? how : 'ok');
}

async function until(world: CircuitWorld, ms: number) {
  await world.clock.advance(ms - world.clock.nowMs());
}

describe('circuits of replicas in an outage, in virtual time (issue 9)', () => {
  it.each([
    { replicas: 30, perSecond: 1, seed: 1 },
    { replicas: 30, perSecond: 0.1, seed: 2 },
    { replicas: 10, perSecond: 5, seed: 3 },
  ])(
    '$replicas replicas with $perSecond calls/s each probe no more often than one alone, and all come back',
    async ({ replicas, perSecond, seed }) => {
      const [fromMs, knownMs, toMs] = [MINUTE_MS, 2 * MINUTE_MS, 6 * MINUTE_MS];
      const probes = async (count: number, isFleet: boolean) => {
        const world = await start(count, { seed, isFleet });
        outage(world, fromMs, toMs);
        for (let at = 0; at < count; at++) world.arrive(at, FEATURE, perSecond, 9 * MINUTE_MS);
        await until(world, knownMs);
        expect(world.states(FEATURE)['closed'] ?? 0).toBe(0);
        await until(world, toMs);
        const sent = world.sentBetween(knownMs, toMs).length;
        const worst = world.worstMinute(knownMs, toMs);
        await until(world, toMs + 1.5 * MINUTE_MS);
        expect(world.states(FEATURE)).toEqual({ closed: count });
        return { sent, worst };
      };
      const alone = await probes(1, false);
      const together = await probes(replicas, true);
      expect(together.worst).toBeLessThanOrEqual(alone.worst);
      expect(together.sent).toBeLessThanOrEqual(alone.sent);
      // And it is looked after all the same.
      expect(together.sent).toBeGreaterThan(alone.sent / 2);
    },
  );
});
