import type { CircuitEvent } from './circuit-event.js';
import { closedAfter, type CircuitState, type ClosedState } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';
import { openedAfter } from './cool-down.js';
import { heldBy, releasedBy, withoutExpired } from './holding.js';
import { afterProbe, halfOpenedAfter, whileProbing, withProbe } from './probing.js';
import { toldClosed, toldOpen } from './told-by-others.js';
import { tripReason } from './trip-reason.js';

export type { Verdict } from './circuit-event.js';

/**
 * The circuit's rules, and nothing else: pure, total, and the same object back when nothing changed.
 * Sources: R19-R21; generation per admission as in gobreaker, probe lease and longest stay so that no hung call can
 * keep a circuit half-open for ever.
 */
export function nextCircuitState(
  state: CircuitState,
  event: CircuitEvent,
  options: ResolvedCircuitOptions,
): CircuitState {
  switch (event.type) {
    case 'asked':
      return afterTime(state, event.nowMs, options);
    case 'probe_started':
      return state.name === 'half_open' ? withProbe(state, event.nowMs, options) : state;
    case 'reported':
      return state.name === 'closed' ? afterReport(state, event, options) : state;
    case 'probe_ended':
      return state.name === 'half_open' ? afterProbe(state, event, options) : state;
    case 'held':
      return heldBy(state, event.nowMs, event.as, event.holder);
    case 'released':
      return isForced(state) ? releasedBy(state, event.nowMs, event.by) : state;
    case 'reset':
      return closedAfter(state, event.nowMs, 0);
    case 'told_open':
      return toldOpen(state, event, options);
    case 'told_closed':
      return toldClosed(state, event.nowMs);
    default:
      return event satisfies never;
  }
}

function afterTime(state: CircuitState, nowMs: number, options: ResolvedCircuitOptions): CircuitState {
  switch (state.name) {
    case 'closed':
      return state;
    case 'open':
      return nowMs >= state.untilMs ? halfOpenedAfter(state, nowMs) : state;
    case 'half_open':
      return whileProbing(state, nowMs, options);
    case 'forced_open':
    case 'forced_closed':
      return withoutExpired(state, nowMs);
    default:
      return state satisfies never;
  }
}

function afterReport(
  state: ClosedState,
  event: Extract<CircuitEvent, { type: 'reported' }>,
  options: ResolvedCircuitOptions,
): CircuitState {
  const reason = tripReason(event.window, options);
  return reason === undefined ? state : openedAfter(state, event.nowMs, reason, event, options);
}

function isForced(state: CircuitState) {
  return state.name === 'forced_open' || state.name === 'forced_closed';
}
