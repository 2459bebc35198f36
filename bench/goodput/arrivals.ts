import type { Scenario } from './scenario.js';
import { SeededRandom } from './seeded-random.js';

/** When calls arrive, in milliseconds: they know nothing of each other (Poisson). The same for every policy. */
export function* arrivals({ loadMs }: Scenario, perSecond: number, seed: number): Generator<number, undefined> {
  const random = new SeededRandom(seed, 'arrivals');
  for (let atMs = random.exponential(1000 / perSecond); atMs < loadMs; atMs += random.exponential(1000 / perSecond))
    yield atMs;
  return undefined;
}
