import type { CircuitState } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';
import { heldUntilMs } from './holding.js';
import { nextProbeMs, probesFree } from './probing.js';

/** Asking again makes sense in a moment: nobody knows when a probe ends or a person lets go. */
const UNKNOWN_WAIT_MS = 1_000;

/**
 * Milliseconds, whole and at least 1, for which a call would be refused from `nowMs` on; 0 when one would pass now.
 * What is known in each state, for those who want to wait:
 *
 * - `closed`, `forced_closed`: 0.
 * - `open`: the rest of the cool-down, exactly. Who asks then finds a place for a probe, unless somebody was faster.
 * - `half_open` with a place for a probe: 0. Looking takes nothing, so two who look may both see 0, and one gets in.
 * - `half_open` with probes under way: the time to when the next place is free for certain (a silent probe is relieved,
 *   or a lease ends), but at most 1 s: a probe may end at any moment, and close it, or open it for longer. It says when
 *   to ask again; it promises nothing. The uncut time is in `explain()`.
 * - `half_open` while another replica probes: 1 s.
 * - `forced_open`: the time to the end of the last hold if all of them have one, else 1 s. People may let go sooner.
 *
 * Where the rules are not enforced (`observe`, `disabled`) only what people hold open refuses.
 */
export function refusedForMs(
  state: CircuitState,
  nowMs: number,
  options: ResolvedCircuitOptions,
  mayProbe = true,
): number {
  switch (state.name) {
    case 'closed':
    case 'forced_closed':
      return 0;
    case 'forced_open': {
      const untilMs = heldUntilMs(state);
      return untilMs === Infinity ? UNKNOWN_WAIT_MS : wholeMs(untilMs - nowMs);
    }
    case 'open':
      return options.mode === 'enforce' ? wholeMs(state.untilMs - nowMs) : 0;
    case 'half_open':
      if (options.mode !== 'enforce') return 0;
      if (!mayProbe) return UNKNOWN_WAIT_MS;
      if (probesFree(state, nowMs, options) > 0) return 0;
      return Math.min(UNKNOWN_WAIT_MS, wholeMs(nextProbeMs(state, options) - nowMs));
    default:
      return state satisfies never;
  }
}

function wholeMs(ms: number): number {
  return Math.max(1, Math.ceil(ms));
}
