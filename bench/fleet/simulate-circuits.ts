import type { FleetBeat, FleetView } from '../../libs/claude-resilience/src/core/fleet/fleet.port.js';
import { SharedCircuits } from '../../libs/claude-resilience/src/runtime/fleet/shared-circuits.js';
import { CircuitWorld } from '../../libs/claude-resilience/src/testing/circuit-world.js';
import { VirtualClock } from '../goodput/virtual-clock.js';

const SECOND_MS = 1_000;
const FEATURE = 'generation';
/** Everything fails in that time. */
const FROM_MS = 60_000;
const TO_MS = 360_000;
const LONGEST_WAIT_S = 120;
const ONCE = { maxRetries: 0 };
/** One call is one request, and one that meets an open circuit gets its fallback. */
const OPTIONS = {
  retry: { rateLimited: ONCE, serverError: ONCE, overloaded: ONCE, timeout: ONCE, connection: ONCE },
  circuit: { whenOpen: 'refuse' },
};

export interface CircuitCase {
  readonly replicas: number;
  /** Calls a second at each of them. */
  readonly perSecond: number;
  /** Whether they hear each other. */
  readonly isFleet: boolean;
}

export interface CircuitFigures extends CircuitCase {
  /** Seconds from the beginning of the outage until no circuit is closed. */
  readonly knownAfterS: number | undefined;
  /** Requests that failed for a replica to find out, on average. */
  readonly failedEach: number;
  /** Of all replicas, from the second minute of the outage on. */
  readonly probesPerMinute: number;
  /** Seconds from the end of the outage until half of the circuits, and all, are closed. */
  readonly halfBackAfterS: number | undefined;
  readonly backAfterS: number | undefined;
  /** In the outage, both ways. */
  readonly bytesPerBeat: number;
}

/** The real core and its loops in virtual time, through an outage of five minutes. */
export async function simulateCircuits(given: CircuitCase, seed = 1): Promise<CircuitFigures> {
  const { replicas, perSecond, isFleet } = given;
  const clock = new VirtualClock();
  const world = new CircuitWorld(
    seed,
    OPTIONS,
    ({ circuits, upstream }) =>
      isFleet ? [new SharedCircuits({ circuits, upstream, clock, hasQueue: () => false })] : [],
    clock,
  );
  const carried = { beats: 0, bytes: 0 };
  const beat = world.fleet.beat.bind(world.fleet);
  world.fleet.beat = async (asked: FleetBeat): Promise<FleetView> => {
    const view = await beat(asked);
    carried.beats++;
    carried.bytes += JSON.stringify(asked).length + JSON.stringify(view).length;
    return view;
  };
  world.service = (_replica, atMs) => (atMs >= FROM_MS && atMs < TO_MS ? 'fails' : 'ok');
  for (let at = 0; at < replicas; at++) {
    world.start();
    world.arrive(at, FEATURE, perSecond, TO_MS + LONGEST_WAIT_S * SECOND_MS);
    await clock.run(clock.nowMs() + SECOND_MS / replicas);
  }
  await clock.run(FROM_MS);
  const closed = () => world.states(FEATURE)['closed'] ?? 0;
  Object.assign(carried, { beats: 0, bytes: 0 });
  const knownAfterS = await secondsUntil(clock, () => closed() === 0);
  const failed = world.sentBetween(FROM_MS, clock.nowMs()).length;
  await clock.run(TO_MS);
  const probes = world.sentBetween(FROM_MS + 60_000, TO_MS).length;
  const bytesPerBeat = carried.beats === 0 ? 0 : carried.bytes / carried.beats;
  const halfBackAfterS = await secondsUntil(clock, () => closed() >= replicas / 2);
  const restS = await secondsUntil(clock, () => closed() === replicas);
  return {
    ...given,
    knownAfterS,
    failedEach: failed / replicas,
    probesPerMinute: probes / ((TO_MS - FROM_MS - 60_000) / 60_000),
    halfBackAfterS,
    backAfterS: restS === undefined || halfBackAfterS === undefined ? undefined : halfBackAfterS + restS,
    bytesPerBeat,
  };
}

async function secondsUntil(clock: VirtualClock, isSo: () => boolean): Promise<number | undefined> {
  for (let second = 0; second <= LONGEST_WAIT_S; second++) {
    if (isSo()) return second;
    await clock.run(clock.nowMs() + SECOND_MS);
  }
  return undefined;
}
