import type { FailureKind } from '../failure/failure.js';

/** A call that was not served, and how to find it in the log. Holds nothing of what was asked or answered. */
export interface RecentFailure {
  /** Wall-clock milliseconds of its end. */
  readonly atMs: number;
  readonly correlationId: string;
  readonly feature: string;
  readonly workflow: string;
  readonly kind: FailureKind;
  /** The row of the diagnosis table that decided. */
  readonly rule: string;
  /** Requests sent to the API. */
  readonly attempts: number;
  readonly durationMs: number;
  /** The API's id of the last request, for its support. */
  readonly requestId?: string;
}
