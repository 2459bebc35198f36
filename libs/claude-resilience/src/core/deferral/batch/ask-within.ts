import type { Clock } from '../../clock.port.js';
import type { BatchLimits, Told } from './batch-transport.port.js';

/** Asks the API something, and gives up after `withinMs` milliseconds, or when `off` aborts. */
export async function askWithin<T>(
  clock: Clock,
  withinMs: number,
  off: AbortSignal,
  ask: (limits: BatchLimits) => Promise<Told<T>>,
): Promise<Told<T>> {
  const late = new AbortController();
  const stop = clock.after(withinMs, () => late.abort());
  try {
    const told = await ask({ signal: AbortSignal.any([off, late.signal]), timeoutMs: withinMs });
    const isLate = !told.ok && told.facts.from === 'abort' && late.signal.aborted && !off.aborted;
    return isLate ? { ok: false, facts: { from: 'timeout', limit: 'attempt' } } : told;
  } finally {
    stop();
  }
}
