import type { Random } from '../random/seeded-random.js';

/** Milliseconds before an answer: always the same, or spread log-normally around a median as real ones are. */
export type Latency = number | { readonly medianMs: number; readonly sigma: number };

export function drawLatencyMs(latency: Latency, random: Random): number {
  if (typeof latency === 'number') return latency;
  // Box-Muller; 1 - random is never 0, whose logarithm would be infinite.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.round(latency.medianMs * Math.exp(latency.sigma * normal));
}
