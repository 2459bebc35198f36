import type { ResolvedCircuitOptions } from './circuit.options.js';
import type { WindowFigures } from './outcome-window.js';
import { tripReason } from './trip-reason.js';

/** More further calls than anybody counts: beyond it the answer is "never". */
const MOST = 2 ** 31;

/**
 * The fewest further calls, each of them a failure or each of them slow, with which the rule opens the circuit: exact
 * if they come before anything leaves the window. A full `count` window loses a call with each new one, and does not
 * tell which: there it is the fewest possible, if successes leave first. `undefined`: no number of them does.
 */
export function missingToTrip(
  window: WindowFigures,
  rule: 'failures' | 'slow_calls',
  options: ResolvedCircuitOptions,
): number | undefined {
  const trips = (further: number) => tripReason(grown(window, rule, further, options), options) !== undefined;
  if (!trips(MOST)) return undefined;
  let [tooFew, enough] = [0, MOST];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (trips(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/** The other rule's figure is left out, so that it cannot answer for this one. */
function grown(
  { calls, failures, failuresInARow, rowMs, slow }: WindowFigures,
  rule: 'failures' | 'slow_calls',
  further: number,
  options: ResolvedCircuitOptions,
): WindowFigures {
  const most = options.window === 'count' ? options.windowCalls : Infinity;
  const isFailures = rule === 'failures';
  return {
    calls: Math.min(most, calls + further),
    failures: isFailures ? Math.min(most, failures + further) : 0,
    failuresInARow: isFailures ? failuresInARow + further : 0,
    rowMs: isFailures ? rowMs : 0,
    slow: isFailures ? 0 : Math.min(most, slow + further),
  };
}
