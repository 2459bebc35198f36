import type { ClosedState, HalfOpenState, OpenReason, OpenState } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';

/** Milliseconds of the cool-down of the n-th opening in a row, from 1; finite for every n. */
export function cooldownOf(openings: number, hintMs: number | undefined, options: ResolvedCircuitOptions): number {
  const grown = options.cooldownMs * options.cooldownFactor ** (openings - 1);
  const wanted = options.cooldownFromFailure ? Math.max(grown, hintMs ?? 0) : grown;
  // A ceiling for hints too: one probe a minute harms nobody, a garbage header would close the feature for days.
  return Math.min(wanted, options.maxCooldownMs);
}

export function openedAfter(
  state: ClosedState | HalfOpenState,
  nowMs: number,
  reason: OpenReason,
  hintMs: number | undefined,
  options: ResolvedCircuitOptions,
): OpenState {
  // Only a circuit that stayed closed for a while starts afresh: one lucky probe is no recovery.
  const recovered = state.name === 'closed' && nowMs - state.sinceMs >= options.growthResetMs;
  const openings = recovered ? 1 : state.openings + 1;
  const untilMs = nowMs + cooldownOf(openings, hintMs, options);
  return { name: 'open', generation: state.generation + 1, sinceMs: nowMs, openings, untilMs, reason };
}
