import type { OpenReason } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';
import type { WindowFigures } from './outcome-window.js';

/** Why figures like these open a circuit, or `undefined` (R19, R20). */
export function tripReason(window: WindowFigures, options: ResolvedCircuitOptions): OpenReason | undefined {
  const { calls, failures, failuresInARow, rowMs, slow } = window;
  if (options.window === 'run') {
    if (failuresInARow >= options.failureThreshold) return 'failures';
  } else if (
    failures >= options.failureThreshold &&
    calls >= options.minimumCalls &&
    shareOf(failures, calls) >= options.failureRatio
  ) {
    return 'failures';
  }
  if (failuresInARow >= options.outageFailures && rowMs >= options.outageMs) return 'failures';
  if (options.slowCallMs === false || calls < options.slowMinimumCalls) return undefined;
  return shareOf(slow, calls) >= options.slowCallRatio ? 'slow_calls' : undefined;
}

/** A quotient, because 7 of 25 is exactly 0.28 to a computer, while 0.28 * 25 is more than 7. */
function shareOf(part: number, calls: number): number {
  return part / Math.max(1, calls);
}
