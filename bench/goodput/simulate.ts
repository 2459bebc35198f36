import { ApiModel } from './api-model.js';
import { arrivals } from './arrivals.js';
import { figuresOf, type Figures } from './figures.js';
import { markPhases, tracePhases, unmarkedPhases, type PhaseTrace } from './phase-trace.js';
import type { PolicyMaker } from './policy.js';
import { clairvoyant, type Foresight } from './oracle.js';
import type { Scenario } from './scenario.js';
import { SeededRandom } from './seeded-random.js';
import { SimulatedCall } from './simulated-call.js';
import { VirtualClock } from './virtual-clock.js';

/** One load on one scenario. The same for the same seed, whatever the machine. */
export interface Load {
  readonly scenario: Scenario;
  /** Calls a second that arrive. */
  readonly perSecond: number;
  readonly seed: number;
}

export interface Simulated {
  readonly figures: Figures;
  readonly phases: readonly PhaseTrace[];
  readonly tripsAtMs: readonly number[];
}

/** Runs one policy from the first call to the end of the drain. */
export async function simulate({ scenario, perSecond, seed }: Load, makePolicy: PolicyMaker): Promise<Simulated> {
  const clock = new VirtualClock();
  const api = new ApiModel(scenario, clock, new SeededRandom(seed, 'api'));
  const tripsAtMs: number[] = [];
  const random = new SeededRandom(seed, 'policy');
  const marks = markPhases(scenario, clock, api);
  const policy = makePolicy({ clock, api, random, onTrip: (atMs) => tripsAtMs.push(atMs) });
  const calls: SimulatedCall[] = [];
  const times = arrivals(scenario, perSecond, seed);
  const arriveNext = () => {
    const { value: atMs } = times.next();
    if (atMs === undefined) return;
    clock.after(atMs - clock.nowMs(), () => {
      const call = new SimulatedCall(calls.length, clock.nowMs());
      calls.push(call);
      policy.begin(call);
      arriveNext();
    });
  };
  arriveNext();
  await clock.run(scenario.loadMs + scenario.drainMs);
  return {
    figures: figuresOf(calls, scenario, perSecond, { sent: api.sent, tripsAtMs }),
    phases: tracePhases(marks, calls, scenario),
    tripsAtMs,
  };
}

/** The same load with a client that knows before what others find out. */
export function simulateOracle({ scenario, perSecond, seed }: Load, foresight: Foresight): Simulated {
  const { calls, sent } = clairvoyant(scenario, perSecond, seed, foresight);
  return {
    figures: figuresOf(calls, scenario, perSecond, { sent, tripsAtMs: [] }),
    phases: tracePhases(unmarkedPhases(scenario), calls, scenario),
    tripsAtMs: [],
  };
}
