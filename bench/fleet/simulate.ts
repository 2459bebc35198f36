import { FleetLoop } from '../../libs/claude-resilience/src/core/fleet/fleet-loop.js';
import type { Fleet, FleetBeat, FleetView } from '../../libs/claude-resilience/src/core/fleet/fleet.port.js';
import { MemoryFleet } from '../../libs/claude-resilience/src/core/fleet/memory-fleet.js';
import { SharedPacing } from '../../libs/claude-resilience/src/runtime/fleet/shared-pacing.js';
import { PacingWorld } from '../../libs/claude-resilience/src/testing/pacing-world.js';
import { VirtualClock } from '../goodput/virtual-clock.js';

const SECOND_MS = 1_000;
/** Replicas find each other, and the limit, in it. */
const WARM_UP_MS = 60_000;
const WATCHED_MS = 60_000;
/** One call in so many seconds is slow to go on: callers wait for their turn so long. */
const DEADLINE_MS = 20_000;
/** From here on a stretch of time counts as at the limit again. */
const AT_THE_LIMIT = 0.97;

export interface FleetCase {
  readonly replicas: number;
  /** Of the organisation, for all replicas together. */
  readonly limitPerSecond: number;
  readonly load: 'even' | 'uneven';
}

export interface FleetFigures extends FleetCase {
  /** Of what the limit allows, in the watched minute. */
  readonly limitUse: number;
  readonly refused429: number;
  readonly commandsPerCall: number;
  readonly bytesPerBeat: number;
  /** Seconds until the limit is used again when a tenth of the replicas (one at least) was killed; `undefined`: not within 20. */
  readonly takenOverAfterS: number | undefined;
}

/** Counts what a store over a network would carry. */
class CountedFleet extends MemoryFleet {
  beats = 0;
  bytes = 0;
  override async beat(beat: FleetBeat): Promise<FleetView> {
    const view = await super.beat(beat);
    this.beats++;
    this.bytes += JSON.stringify(beat).length + JSON.stringify(view).length;
    return view;
  }
}

/** The way of one replica to it, which hears nothing from a dead one. */
class MortalFleet extends MemoryFleet {
  constructor(
    clock: VirtualClock,
    private readonly fleet: Fleet,
    private readonly isDead: () => boolean,
  ) {
    super(clock);
  }
  override beat(beat: FleetBeat): Promise<FleetView> {
    return this.isDead() ? new Promise(() => {}) : this.fleet.beat(beat);
  }
}

/** The real pacers and loops, in virtual time; 1.5 times what is allowed is asked for. */
export async function simulateFleet(given: FleetCase, seed = 1): Promise<FleetFigures> {
  const { replicas, limitPerSecond } = given;
  const clock = new VirtualClock();
  const model = { perSecond: limitPerSecond, burst: limitPerSecond, maxTransitMs: 60 };
  const world = new PacingWorld(model, {}, seed, replicas, clock);
  const fleet = new CountedFleet(clock);
  const dead = new Set<number>();
  world.pacers.forEach((pacer, at) => {
    const part = new MortalFleet(clock, fleet, () => dead.has(at));
    const participants = [new SharedPacing(pacer)];
    const loop = new FleetLoop({ fleet: part, replica: `replica-${at}`, participants, clock, tell: () => {} });
    // They were started one after the other, at any time within a second.
    clock.after(world.random.next() * SECOND_MS, () => void loop.start());
  });
  const loads = loadsOf(given);
  const life = new AbortController();
  loads.forEach((perSecond, at) => {
    if (perSecond === 0) return;
    world.arrive(perSecond, 10 * WARM_UP_MS, () => {
      // Those of a dead process turn to the others.
      const replica = dead.has(at)
        ? (at + 1 + Math.floor(world.random.next() * (replicas - dead.size))) % replicas
        : at;
      const signal = killedAt(replicas).includes(replica) ? { signal: life.signal } : {};
      return { replica: dead.has(replica) ? 0 : replica, deadlineAtMs: clock.nowMs() + DEADLINE_MS, ...signal };
    });
  });
  await clock.run(WARM_UP_MS);
  const before = { sent: world.sentAtMs.length, refused: world.refused.length, beats: fleet.beats, bytes: fleet.bytes };
  await clock.run(WARM_UP_MS + WATCHED_MS);
  const sent = world.sentAtMs.length - before.sent;
  const beats = fleet.beats - before.beats;
  const figures = {
    ...given,
    limitUse: sent / ((limitPerSecond * WATCHED_MS) / SECOND_MS),
    refused429: world.refused.length - before.refused,
    commandsPerCall: beats / sent,
    bytesPerBeat: (fleet.bytes - before.bytes) / beats,
  };
  for (const at of killedAt(replicas)) dead.add(at);
  life.abort();
  const takenOverAfterS = replicas === 1 ? undefined : await untilUsed(world, limitPerSecond);
  return { ...figures, takenOverAfterS };
}

/** One in ten; of few, one. */
function killedAt(replicas: number): readonly number[] {
  return Array.from({ length: replicas }, (_, at) => at).filter((at) => at % 10 === Math.min(1, replicas - 1));
}

function loadsOf({ replicas, limitPerSecond, load }: FleetCase): readonly number[] {
  const all = 1.5 * limitPerSecond;
  if (load === 'even') return Array.from({ length: replicas }, () => all / replicas);
  // A fifth of them has four fifths of the load.
  const busy = Math.max(1, Math.round(replicas / 5));
  const rest = replicas - busy;
  const [ofBusy, ofRest] = rest === 0 ? [all, 0] : [(0.8 * all) / busy, (0.2 * all) / rest];
  return Array.from({ length: replicas }, (_, at) => (at % Math.ceil(replicas / busy) === 0 ? ofBusy : ofRest));
}

/** Seconds until two seconds in a row are at the limit. */
async function untilUsed(world: PacingWorld<VirtualClock>, limitPerSecond: number): Promise<number | undefined> {
  const fromMs = world.clock.nowMs();
  for (let second = 1; second <= 20; second++) {
    await world.clock.run(fromMs + (second + 1) * SECOND_MS);
    const atMs = fromMs + (second - 1) * SECOND_MS;
    if (world.sentBetween(atMs, atMs + 2 * SECOND_MS) >= 2 * limitPerSecond * AT_THE_LIMIT) return second - 1;
  }
  return undefined;
}
