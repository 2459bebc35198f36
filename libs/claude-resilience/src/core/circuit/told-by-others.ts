import type { CircuitEvent } from './circuit-event.js';
import { closedAfter, type CircuitState, type OpenState } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';
import { openedAfter } from './cool-down.js';

/*
 * What other replicas found out. It is advice: it never touches what people hold, nor a probe of our own that is under
 * way, and a cool-down is never longer than our own rules allow.
 */

export function toldOpen(
  state: CircuitState,
  { nowMs, isAgreed, openings, coolDownMs }: Extract<CircuitEvent, { type: 'told_open' }>,
  options: ResolvedCircuitOptions,
): CircuitState {
  const theirsMs = nowMs + Math.min(coolDownMs, options.maxCooldownMs);
  const agreed = (opened: OpenState, untilMs: number): OpenState => ({
    ...opened,
    openings: Math.max(opened.openings, openings),
    untilMs,
  });
  switch (state.name) {
    case 'closed': {
      const opened = openedAfter(state, nowMs, 'fleet', {}, options);
      return isAgreed ? agreed(opened, Math.max(opened.untilMs, theirsMs)) : opened;
    }
    case 'half_open': {
      if (state.probes.length > 0) return state;
      const opened = openedAfter(state, nowMs, 'fleet', {}, options);
      return isAgreed ? agreed(opened, theirsMs) : { ...opened, untilMs: Math.min(opened.untilMs, theirsMs) };
    }
    case 'open':
      return isAgreed && theirsMs > state.untilMs ? agreed(state, theirsMs) : state;
    default:
      return state;
  }
}

/** It keeps its growth: should the others be wrong, it is open for longer soon. */
export function toldClosed(state: CircuitState, nowMs: number): CircuitState {
  const isOpen = state.name === 'open' || state.name === 'half_open';
  return isOpen ? closedAfter(state, nowMs, state.openings) : state;
}
