import type { Failure } from '../failure/failure.js';

/** Whether nothing was sent for a reason of ours: the circuit, a stopped account, or our own pacing. */
export function isHeldBack({ kind, isHeld }: Failure): boolean {
  return kind === 'circuit_open' || isHeld === true;
}
