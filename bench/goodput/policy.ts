import type { Clock } from '../../libs/claude-resilience/src/core/clock.port.js';
import type { ApiModel } from './api-model.js';
import type { SeededRandom } from './seeded-random.js';
import type { SimulatedCall } from './simulated-call.js';

/** A circuit that opened, whoever's it is. */
export type OnTrip = (atMs: number) => void;

/** What a policy has around it. */
export interface World {
  readonly clock: Clock;
  readonly api: ApiModel;
  /** For jitter; the API draws from a stream of its own. */
  readonly random: SeededRandom;
  readonly onTrip: OnTrip;
}

/** How calls are made into requests. */
export interface Policy {
  /** A call arrives. Its end is written on it. */
  begin(call: SimulatedCall): void;
}

export type PolicyMaker = (world: World) => Policy;
