import { describe, expect, it, jest } from '@jest/globals';
import { PacingWorld, type ServerModel } from '../../testing/pacing-world.js';
import { FleetLoop } from '../../core/fleet/fleet-loop.js';
import { Fleet, type FleetBeat, type FleetView } from '../../core/fleet/fleet.port.js';
import { MemoryFleet } from '../../core/fleet/memory-fleet.js';
import { SharedPacing } from './shared-pacing.js';

/** A store that can be down. */
class DownableFleet extends MemoryFleet {
  isDown = false;

  override beat(beat: FleetBeat): Promise<FleetView> {
    return this.isDown ? Promise.reject(new Error('down')) : super.beat(beat);
  }
}

async function start(model: Partial<ServerModel>, replicas: number, seed = 1, make = DownableFleet) {
  const world = new PacingWorld({ maxTransitMs: 60, ...model }, {}, seed, replicas);
  const fleet = new make(world.clock);
  const loops = world.pacers.map((pacer, at) => {
    const participants = [new SharedPacing(pacer)];
    return new FleetLoop({ fleet, replica: `r${at}`, participants, clock: world.clock, tell: () => {} });
  });
  for (const loop of loops) {
    void loop.start();
    await world.clock.advance(77);
  }
  return { world, fleet, loops };
}

const MINUTE_MS = 60_000;

// Virtual time takes real time to count through.
jest.setTimeout(60_000);

describe('replicas that share one rate limit, in virtual time', () => {
  it.each([
    { loads: [100, 100, 100], perSecond: 50, seed: 1 },
    { loads: [250, 25, 25], perSecond: 50, seed: 2 },
    { loads: [100, 2, 0], perSecond: 50, seed: 3 },
    { loads: [8, 8, 8], perSecond: 5, seed: 4 },
    { loads: [100, 60, 30, 10, 5, 5, 3, 2, 1, 1], perSecond: 50, seed: 5 },
  ])('admit what is allowed, and not one more: $loads per second at $perSecond', async ({ loads, perSecond, seed }) => {
    const { world } = await start({ perSecond, burst: perSecond }, loads.length, seed);
    loads.forEach((load, replica) => {
      const own = () => ({ replica, deadlineAtMs: world.clock.nowMs() + 30_000 });
      if (load > 0) world.arrive(load, 3 * MINUTE_MS, own);
    });
    await world.clock.advance(MINUTE_MS);
    const refusedBefore = world.refused.length;
    const sentBefore = world.sentAtMs.length;
    await world.clock.advance(2 * MINUTE_MS);
    const sent = world.sentAtMs.length - sentBefore;
    expect(world.refused.length - refusedBefore).toBe(0);
    expect(sent / (perSecond * 120)).toBeGreaterThan(0.98);
    expect(sent / (perSecond * 120)).toBeLessThanOrEqual(1.02);
  });

  it.each([
    ['killed', false],
    ['ended in good order', true],
  ])('one is %s: within 5 s the others use its part', async (_how, isOrderly) => {
    const { world, loops } = await start({}, 3, 7);
    const life = new AbortController();
    [0, 1, 2].forEach((replica) =>
      world.arrive(40, 2 * MINUTE_MS, () => {
        const deadlineAtMs = world.clock.nowMs() + 20_000;
        if (replica !== 2) return { replica, deadlineAtMs };
        // Whoever waits in a process that ends is not sent any more; its callers turn to another one.
        return life.signal.aborted ? { replica: 0, deadlineAtMs } : { replica, deadlineAtMs, signal: life.signal };
      }),
    );
    await world.clock.advance(MINUTE_MS);
    life.abort();
    if (isOrderly) await loops[2]?.stop();
    else killed(loops[2]);
    await world.clock.advance(5_000);
    const [fromMs, refused] = [world.clock.nowMs(), world.refused.length];
    await world.clock.advance(20_000);
    expect(world.sentBetween(fromMs, fromMs + 20_000) / (50 * 20)).toBeGreaterThan(0.97);
    expect(world.refused.length - refused).toBe(0);
  });

  it('without the store they go on as they were, and nobody gets a 429 for it', async () => {
    const { world, fleet } = await start({}, 3, 8);
    [60, 30, 10].forEach((load, replica) =>
      world.arrive(load, 3 * MINUTE_MS, () => ({ replica, deadlineAtMs: world.clock.nowMs() + 20_000 })),
    );
    await world.clock.advance(MINUTE_MS);
    fleet.isDown = true;
    const [fromMs, refused] = [world.clock.nowMs(), world.refused.length];
    await world.clock.advance(30_000);
    expect(world.refused.length - refused).toBe(0);
    expect(world.sentBetween(fromMs, fromMs + 30_000) / (50 * 30)).toBeGreaterThan(0.9);
    fleet.isDown = false;
    await world.clock.advance(20_000);
    expect(world.sentBetween(fromMs + 40_000, fromMs + 50_000) / (50 * 10)).toBeGreaterThan(0.97);
  });
});

/** It says nothing any more, and its store hears nothing. */
function killed(loop: FleetLoop | undefined): void {
  const parts = (loop as unknown as { parts: { fleet: Fleet } }).parts;
  Object.assign(parts, { fleet: { beat: () => new Promise(() => {}), leave: async () => {} } });
}
