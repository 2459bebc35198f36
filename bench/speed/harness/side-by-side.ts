import type { Effort } from './effort.js';
import { Readings } from './readings.js';
import { shuffled } from './shuffled.js';
import type { Variant } from './variant.js';

/** Lets every variant have its turn in every round, in an order that chance decides. */
export async function sideBySide(variants: readonly Variant[], effort: Effort): Promise<Readings> {
  const times = new Map<Variant, number>();
  for (const variant of variants) times.set(variant, await warmUp(variant, effort));
  const readings = new Readings();
  for (let round = 0; round < effort.rounds; round++) {
    for (const variant of shuffled(variants)) {
      const count = times.get(variant) ?? 1;
      readings.add(variant.name, (await msOf(variant, count)) * (1e6 / count));
    }
  }
  return readings;
}

/**
 * By processor time, since what waits for a core does not get warm.
 *
 * @returns how many times fit into one turn
 */
async function warmUp(variant: Variant, { warmUpMs, turnMs }: Effort): Promise<number> {
  const { batch = 1 } = variant;
  let count = batch;
  let ms = 0;
  const before = process.cpuUsage();
  // The last turn is the fastest, and tells how many there are room for.
  for (let spentMs = 0; spentMs < warmUpMs; spentMs = cpuMsSince(before)) {
    ms = await msOf(variant, count);
    if (ms < turnMs / 2) count *= 2;
  }
  return Math.max(1, Math.round((count * turnMs) / Math.max(ms, 1e-3) / batch)) * batch;
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function msOf(variant: Variant, times: number): Promise<number> {
  const startedAtMs = performance.now();
  await variant.run(times);
  return performance.now() - startedAtMs;
}
