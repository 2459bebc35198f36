import type { Clock } from '../clock.port.js';

/** What somebody else gives, or `undefined` when it fails or takes too long: alerting waits for nobody for ever. */
export async function inTime<T>(ask: () => T | Promise<T>, limitMs: number, clock: Clock): Promise<T | undefined> {
  const { promise: tooLate, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(limitMs, () => resolve(undefined));
  try {
    return await Promise.race([(async () => ask())(), tooLate]);
  } catch {
    return undefined;
  } finally {
    cancel();
  }
}
