import type { CircuitExplanation, CircuitReasons } from './circuit-explanation.js';
import type { CircuitState, HalfOpenState } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';
import { explainInWords } from './explain-in-words.js';
import { heldUntilMs } from './holding.js';
import { missingToTrip } from './missing-to-trip.js';
import type { WindowFigures } from './outcome-window.js';
import { nextProbeMs, probesFree } from './probing.js';

/**
 * Says why a circuit is as it is: the rule that decides now, the numbers it sees, and what is missing for the next
 * transition. Pure.
 *
 * @param window the figures that the trip rule looks at, as of `nowMs`   @param mayProbe not while another replica probes
 */
export function explainCircuit(
  state: CircuitState,
  window: WindowFigures,
  options: ResolvedCircuitOptions,
  nowMs: number,
  mayProbe = true,
): CircuitExplanation {
  const reasons = reasonsOf(state, window, options, nowMs, mayProbe);
  return { ...reasons, mode: options.mode, sentence: explainInWords(reasons, options) };
}

function reasonsOf(
  state: CircuitState,
  window: WindowFigures,
  options: ResolvedCircuitOptions,
  nowMs: number,
  mayProbe: boolean,
): CircuitReasons {
  switch (state.name) {
    case 'closed':
      return options.mode === 'disabled' ? { rule: 'off' } : whileClosed(window, options);
    case 'open':
      return {
        rule: 'cool_down',
        reason: state.reason,
        openings: state.openings,
        missingMs: Math.max(0, state.untilMs - nowMs),
      };
    case 'half_open':
      return { ...whileHalfOpen(state, options, nowMs), ...(!mayProbe && { isElsewhere: true }) };
    case 'forced_open':
    case 'forced_closed': {
      const untilMs = heldUntilMs(state);
      return {
        rule: state.name === 'forced_open' ? 'held_open' : 'held_closed',
        holders: state.holders,
        overruled: state.name === 'forced_open' ? state.overruled : [],
        missingMs: untilMs === Infinity ? undefined : Math.max(0, untilMs - nowMs),
      };
    }
    default:
      return state satisfies never;
  }
}

/** The rule that the fewest further calls would open it by; failures where both are as near. */
function whileClosed(window: WindowFigures, options: ResolvedCircuitOptions): CircuitReasons {
  const { calls, failures, failuresInARow, slow } = window;
  const missingFailures = missingToTrip(window, 'failures', options);
  const { slowCallMs, slowCallRatio, slowMinimumCalls } = options;
  const missingSlowCalls = slowCallMs === false ? undefined : missingToTrip(window, 'slow_calls', options);
  if (slowCallMs !== false && (missingSlowCalls ?? Infinity) < (missingFailures ?? Infinity)) {
    const needs = { slowCallMs, slowCallRatio, calls: slowMinimumCalls };
    return { rule: 'slow_calls', calls, slow, needs, missingSlowCalls };
  }
  const { failureThreshold, failureRatio, minimumCalls } = options;
  if (options.window === 'run') {
    const missing = Math.max(1, failureThreshold - failuresInARow);
    return {
      rule: 'failures_in_a_row',
      failuresInARow,
      needs: { failures: failureThreshold },
      missingFailures: missing,
    };
  }
  const needs = { failures: failureThreshold, failureRatio, calls: minimumCalls };
  return { rule: 'failures', calls, failures, needs, missingFailures };
}

function whileHalfOpen(state: HalfOpenState, options: ResolvedCircuitOptions, nowMs: number) {
  const isFree = probesFree(state, nowMs, options) > 0;
  return {
    rule: 'probes' as const,
    reason: state.reason,
    underWay: state.probes.length,
    silent: state.probes.filter(({ slot }) => slot === 'handed_on').length,
    successes: state.successes,
    failures: state.failures,
    missingSuccesses: options.halfOpenSuccesses - state.successes,
    bearableFailures: options.halfOpenCalls - options.halfOpenSuccesses - state.failures,
    nextProbeInMs: isFree ? 0 : Math.max(0, nextProbeMs(state, options) - nowMs),
  };
}
