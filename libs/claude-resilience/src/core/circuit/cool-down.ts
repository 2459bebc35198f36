import type { CoolDownFacts } from './circuit-event.js';
import type { ClosedState, HalfOpenState, OpenReason, OpenState } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';

/** Milliseconds of the cool-down of the n-th opening in a row, from 1; finite for every n. */
export function cooldownOf(openings: number, facts: CoolDownFacts, options: ResolvedCircuitOptions): number {
  const grown = options.cooldownMs * options.cooldownFactor ** (openings - 1);
  const bounded = Math.min(grown, mostGrownMs(facts, options));
  const wanted = options.cooldownFromFailure ? Math.max(bounded, facts.hintMs ?? 0) : bounded;
  // A ceiling for hints too: one probe a minute harms nobody, a garbage header would close the feature for days.
  return Math.min(wanted, options.maxCooldownMs);
}

/** One probe among `probeShareCalls` calls harms nobody, and the more calls wait, the sooner the end must be noticed. */
function mostGrownMs({ calledEveryMs = Infinity }: CoolDownFacts, options: ResolvedCircuitOptions): number {
  const { probeShareCalls, cooldownMs } = options;
  return probeShareCalls === false ? Infinity : Math.max(cooldownMs, probeShareCalls * calledEveryMs);
}

export function openedAfter(
  state: ClosedState | HalfOpenState,
  nowMs: number,
  reason: OpenReason,
  facts: CoolDownFacts,
  options: ResolvedCircuitOptions,
): OpenState {
  // Only a circuit that stayed closed for a while starts afresh: one lucky probe is no recovery.
  const recovered = state.name === 'closed' && nowMs - state.sinceMs >= options.growthResetMs;
  const openings = recovered ? 1 : state.openings + 1;
  const untilMs = nowMs + cooldownOf(openings, facts, options);
  return { name: 'open', generation: state.generation + 1, sinceMs: nowMs, openings, untilMs, reason };
}
