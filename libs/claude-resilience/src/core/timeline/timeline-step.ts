import type { FailureKind } from '../failure/failure.js';

/** Who decided what comes next: the part of the module, the API, the caller, or the application. */
export type StepDecider =
  | 'api'
  | 'diagnosis'
  | 'retry'
  | 'pacing'
  | 'circuit'
  | 'account'
  | 'budget'
  | 'screening'
  | 'fallback'
  | 'queue'
  | 'caller'
  | 'operator'
  | 'notices';

export type StepWhat =
  | 'attempt_failed'
  | 'waited'
  | 'served'
  | 'failed'
  | 'refused'
  | 'fallback_answered'
  | 'fallback_failed'
  | 'declined'
  | 'deferred'
  | 'not_deferred'
  | 'answered_by_batch'
  | 'ended'
  | 'told'
  | 'not_told'
  | 'reviewed'
  | 'circuit_changed';

/** One thing that happened to a call, who decided it, and by which rule. Holds nothing of what was asked or answered. */
export interface TimelineStep {
  /** Wall-clock milliseconds. */
  readonly atMs: number;
  readonly what: StepWhat;
  readonly by: StepDecider;
  /** The rule that decided, by its name: a row of `docs/failures.md`, an option, a state. */
  readonly rule?: string;
  readonly feature: string;
  /** Number of the request within its call, from 1. */
  readonly attempt?: number;
  /** Who was asked, or answered. */
  readonly model?: string;
  readonly platform?: string;
  readonly kind?: FailureKind;
  /** HTTP status of the API. */
  readonly status?: number;
  /** The API's own id of the request, for its support. */
  readonly requestId?: string;
  /** How long it took, in milliseconds. */
  readonly tookMs?: number;
  /** How long is waited from here on, in milliseconds. */
  readonly waitMs?: number;
  /** What the API, or the circuit, asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Whatever else is known of it, by name: numbers, names and words of ours. */
  readonly details?: Readonly<Record<string, string | number>>;
}
