import type { TrafficReading } from '../alert-readings.js';
import type { AlertVerdict } from '../alert-state.js';

/** Without a request for so long, in milliseconds, what is left of the window does not say that anything is well. */
const LONGEST_IDLE_MS = 60_000;

/** That it is well counts while requests come: traffic that stopped is not health. */
export function asLongAsItFlows(verdict: AlertVerdict, { idleMs = 0 }: TrafficReading): AlertVerdict {
  return verdict === 'clear' && idleMs > LONGEST_IDLE_MS ? 'no_data' : verdict;
}
