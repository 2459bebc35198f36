import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

export interface IdleWish {
  /** Features, each of which was called; 0: a process with nothing in it. */
  readonly size: number;
  readonly forMs: number;
}

export interface Idle {
  /** Share of one core that it used while nobody asked it for anything, in per cent. */
  readonly cpuPercent: number;
  /** Longest time, in milliseconds, by which the event loop was late. */
  readonly lagMs: number;
  /** Timers that were set. */
  readonly timers: number;
}

const RESOLUTION_MS = 20;

/** Does nothing, and says what that costs. */
export default async function idle({ size, forMs }: IdleWish): Promise<Idle> {
  if (size > 0) await called(size);
  globalThis.gc?.();
  await sleep(1_000);
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const before = process.cpuUsage();
  await sleep(forMs);
  const { user, system } = process.cpuUsage(before);
  delays.disable();
  return { cpuPercent: (user + system) / (forMs * 10), lagMs: delays.max / 1e6 - RESOLUTION_MS, timers };
}

/** Loaded only where it is used: an empty process has nothing of it. */
async function called(size: number): Promise<void> {
  const { featuresOf, nameOf } = await import('./many-features.js');
  const { openOurApp } = await import('../subjects/our-app.js');
  const { service } = await openOurApp(featuresOf(size));
  for (let n = 0; n < size; n++) await service.run(nameOf(n), async () => n);
}
