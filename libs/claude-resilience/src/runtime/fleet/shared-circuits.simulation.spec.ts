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
  for (let n = 0; n < replicas; n++) {
    world.start();
    // Their beats are spread over the second.
    await world.clock.advance(31);
  }
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

  // Cool-downs have jitter: one seed more or less is chance, many are not.
  it.each([
    ['requests that hang', 'hangs', [FEATURE], [4]],
    ['two features of one model', 'fails', [FEATURE, 'classification'], [1, 2, 3, 4, 5, 6, 7, 8]],
  ] as const)('%s: still about as many as one alone', async (_what, how, features, seeds) => {
    const [fromMs, knownMs, toMs] = [MINUTE_MS, 2.5 * MINUTE_MS, 6 * MINUTE_MS];
    const probes = async (count: number, isFleet: boolean, seed: number) => {
      const world = await start(count, { seed, isFleet });
      outage(world, fromMs, toMs, how);
      for (let at = 0; at < count; at++) for (const name of features) world.arrive(at, name, 1, 9 * MINUTE_MS);
      await until(world, toMs);
      const sent = world.sentBetween(knownMs, toMs).length;
      await until(world, toMs + 2 * MINUTE_MS);
      for (const name of features) expect(world.states(name)).toEqual({ closed: count });
      return sent;
    };
    let [alone, together] = [0, 0];
    for (const seed of seeds) {
      alone += await probes(1, false, seed);
      together += await probes(10, true, seed);
    }
    expect(together / alone).toBeLessThanOrEqual(seeds.length === 1 ? 1 : 1.1);
  });

  it('one replica that is fed false failures opens nobody else, and keeps nobody open', async () => {
    const world = await start(12, { seed: 5 });
    const opened = new Set<number>();
    world.replicas.forEach(({ runtime }, at) =>
      runtime.events.subscribe((event) => {
        if (event.type === 'circuit.transitioned' && event.to.name === 'open') opened.add(at);
      }),
    );
    world.service = (replica) => (replica === 3 ? 'fails' : 'ok');
    for (let at = 0; at < 12; at++) world.arrive(at, FEATURE, at === 7 ? 0.05 : 1, 10 * MINUTE_MS);
    await until(world, 3 * MINUTE_MS);
    expect([...opened]).toEqual([3]);
    // An outage of all comes and goes; the one whose failures are false has its turns to probe, too.
    world.service = (replica, atMs) => (replica === 3 || atMs < 5 * MINUTE_MS ? 'fails' : 'ok');
    await until(world, 5 * MINUTE_MS);
    expect(world.states(FEATURE)['closed']).toBeUndefined();
    await until(world, 6.5 * MINUTE_MS);
    const closed = world.replicas.map((_, at) => world.stateOf(at, FEATURE) === 'closed');
    expect(closed.filter(Boolean).length).toBeGreaterThanOrEqual(11);
    expect(closed[3]).toBe(false);
  });

  it('whoever starts in an outage is told of it: nothing is sent to find out', async () => {
    const world = await start(6, { seed: 6 });
    outage(world, 10_000, 3 * MINUTE_MS);
    for (let at = 0; at < 6; at++) world.arrive(at, FEATURE, 2, 5 * MINUTE_MS);
    await until(world, MINUTE_MS);
    const late = world.start();
    await world.clock.advance(3_000);
    expect(late.runtime.circuits.of(FEATURE).state()).toMatchObject({ name: 'open', reason: 'fleet' });
    expect(late.runtime.circuits.of(FEATURE).explain().sentence).toContain('what other replicas found');
    world.arrive(6, FEATURE, 2, 4 * MINUTE_MS);
    await until(world, 3 * MINUTE_MS);
    // It has its turns to probe, like everybody.
    expect(world.sent.filter(({ replica }) => replica === 6).length).toBeLessThan(10);
    await until(world, 4 * MINUTE_MS);
    expect(world.states(FEATURE)).toEqual({ closed: 7 });
  });

  it('the one that probes is killed, again and again: another one goes on', async () => {
    const [fromMs, toMs] = [MINUTE_MS, 5 * MINUTE_MS];
    const alone = await start(1, { seed: 7, isFleet: false });
    const world = await start(10, { seed: 7 });
    for (const each of [alone, world]) {
      outage(each, fromMs, toMs);
      each.replicas.forEach((_, at) => each.arrive(at, FEATURE, 5, 8 * MINUTE_MS));
      await until(each, 2 * MINUTE_MS);
    }
    for (let killed = 0; killed < 5; killed++) {
      const sent = world.sent.length;
      while (world.sent.length === sent) await world.clock.advance(100);
      // In the middle of its probe, or just before the next one.
      if (killed % 2 === 1) await world.clock.advance(4_500);
      world.replicas[world.sent.at(-1)?.replica ?? 0]?.kill();
    }
    await until(alone, toMs);
    await until(world, toMs);
    expect(world.worstMinute(2 * MINUTE_MS, toMs)).toBeLessThanOrEqual(alone.worstMinute(2 * MINUTE_MS, toMs));
    await until(world, toMs + 30_000);
    const alive = world.replicas.flatMap(({ path }, at) => (path.is === 'dead' ? [] : [world.stateOf(at, FEATURE)]));
    expect(alive).toEqual(Array(5).fill('closed'));
  });

  it('a replica that is cut off goes by its own rules, the others by theirs; back again, it probes no more', async () => {
    const world = await start(6, { seed: 8 });
    outage(world, 10_000, 6 * MINUTE_MS);
    for (let at = 0; at < 6; at++) world.arrive(at, FEATURE, 2, 9 * MINUTE_MS);
    await until(world, MINUTE_MS);
    const cut = world.replicas[2];
    if (cut === undefined) throw new Error('There are six');
    cut.path.is = 'cut';
    await until(world, 4 * MINUTE_MS);
    const by = (fromMs: number, toMs: number) => world.sentBetween(fromMs, toMs).map(({ replica }) => replica);
    const own = by(1.5 * MINUTE_MS, 4 * MINUTE_MS).filter((replica) => replica === 2);
    expect(own.length).toBeGreaterThan(5);
    cut.path.is = 'whole';
    await until(world, 6 * MINUTE_MS);
    const sent = by(4.2 * MINUTE_MS, 6 * MINUTE_MS);
    expect(sent.length).toBeLessThanOrEqual(12 * 1.8);
    expect(new Set(sent).size).toBe(6);
    await until(world, 7 * MINUTE_MS);
    expect(world.states(FEATURE)).toEqual({ closed: 6 });
  });

  it('a store that gives the lease to nobody keeps nothing open', async () => {
    const world = await start(8, { seed: 9 });
    const { fleet } = world;
    const beat = fleet.beat.bind(fleet);
    fleet.beat = async (asked) => {
      const view = await beat(asked);
      return { ...view, leases: Object.fromEntries(Object.keys(view.leases).map((name) => [name, 'somebody'])) };
    };
    outage(world, 10_000, 2 * MINUTE_MS);
    for (let at = 0; at < 8; at++) world.arrive(at, FEATURE, 2, 6 * MINUTE_MS);
    await until(world, 2 * MINUTE_MS);
    expect(world.states(FEATURE)['closed']).toBeUndefined();
    await until(world, 3 * MINUTE_MS);
    expect(world.states(FEATURE)).toEqual({ closed: 8 });
  });

  it('they come back in steps, not all together', async () => {
    const world = await start(30, { seed: 10 });
    const toMs = 3 * MINUTE_MS;
    outage(world, 10_000, toMs);
    for (let at = 0; at < 30; at++) world.arrive(at, FEATURE, 5, 5 * MINUTE_MS);
    await until(world, toMs);
    const closed: number[] = [];
    for (let s = 0; s < 40; s++) {
      closed.push(world.states(FEATURE)['closed'] ?? 0);
      await world.clock.advance(1_000);
    }
    const steps = closed.slice(1).map((count, at) => count - (closed[at] ?? 0));
    const first = steps.findIndex((step) => step > 0);
    expect(Math.max(...steps)).toBeLessThanOrEqual(16);
    expect((closed[first + 2] ?? 0) - (closed[first] ?? 0)).toBeLessThanOrEqual(8);
    expect(closed.findIndex((count) => count === 30)).toBeGreaterThan(first + 3);
    expect(closed[first + 10]).toBe(30);
  });
});
