import type { FailureKind } from '../failure/failure.js';

/** One credential, and why nothing is sent with it. */
export interface AccountStatus {
  /** Name of its platform. */
  readonly account: string;
  /** Absent: it works, as far as anybody knows. */
  readonly stopped?: {
    readonly kind: FailureKind;
    /** The row of the diagnosis table that decided. */
    readonly rule: string;
    /** Wall-clock milliseconds. */
    readonly sinceMs: number;
    /** Milliseconds to the next request that finds out whether it works again. */
    readonly nextProbeInMs: number;
    /** Wall-clock milliseconds, where the API has said it. */
    readonly accessReturnsAtMs?: number;
    /** What an operator can do. */
    readonly action?: string;
  };
}
