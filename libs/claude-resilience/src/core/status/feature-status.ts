import type { CircuitStateName } from '../circuit/circuit-state.js';
import type { FailureKind } from '../failure/failure.js';
import type { TrafficFigures } from './traffic-figures.js';

/** One feature and its circuit. Moments are wall-clock milliseconds. */
export interface FeatureStatus {
  readonly feature: string;
  readonly circuit: CircuitStateName;
  /** Whether the circuit refuses calls at all when it is open. */
  readonly isEnforced: boolean;
  /** Since when it is in that state. */
  readonly sinceMs: number;
  /** Since when it has not been closed, whatever the states between; absent while it is. */
  readonly notClosedSinceMs?: number;
  /** Why it is not closed, as a closed set of words. */
  readonly reason?: string;
  /** What most of its failures were, around the opening and since. */
  readonly cause?: FailureKind;
  /** Milliseconds to the next probe of an open circuit. */
  readonly nextProbeInMs?: number;
  /** People who hold it. */
  readonly holders?: readonly StatusHolder[];
  /** The rule that decides now, its numbers, and what is missing: a sentence. */
  readonly explanation: string;
  /** Finished calls and failures of the last `circuit.windowMs`. */
  readonly calls: number;
  readonly failures: number;
  /** Of the last 5 minutes, of the workflows that its calls belonged to. */
  readonly traffic: TrafficFigures;
  /** When a request of it was answered last. */
  readonly lastSuccessMs?: number;
  readonly instead: InsteadOfClaude;
}

export interface StatusHolder {
  readonly by: string;
  readonly reason: string;
  /** Absent: until somebody lets go. */
  readonly untilMs?: number;
}

/** What users get when Claude cannot answer now. */
export interface InsteadOfClaude {
  /** What the fallback gives them, in some words; absent: there is no fallback. */
  readonly fallback?: string;
  /** Whether calls go into the queue, and are answered later, when the circuit refuses them. */
  readonly isDeferred: boolean;
}
