import type { Failure } from '../failure/failure.js';

/** Why an account is stopped. Nothing of the request that found out: what its reader had, or who was inside whom. */
export type AccountFailure = Omit<Failure, 'requestId' | 'isFinal' | 'isInner'>;

/**
 * One credential, as far as its answers tell. Times are `Clock.nowMs`. `generation` grows with every verdict (stopped, a
 * probe refused, resumed): what was sent under another one knows nothing newer, and judges nothing.
 */
export type AccountState = WorkingAccount | StoppedAccount;

interface Common {
  readonly generation: number;
  readonly sinceMs: number;
}

export interface WorkingAccount extends Common {
  readonly name: 'working';
}

export interface StoppedAccount extends Common {
  readonly name: 'stopped';
  /** What the last verdict said; its `accessReturnsAtMs` is the date of return, where that is known. */
  readonly failure: AccountFailure;
  /** From here on, inclusive, one call passes as the probe. */
  readonly probeAtMs: number;
  /** Probes let through since it stopped; also the id of the last one. */
  readonly probesMade: number;
  /** Probes in a row that were refused; sets the wait for the next one. */
  readonly refusals: number;
  /** Who holds the one slot. */
  readonly probe: AccountProbe | undefined;
}

export interface AccountProbe {
  /** From 1. */
  readonly id: number;
  readonly startedAtMs: number;
}

export const initialAccountState = (nowMs: number): WorkingAccount => ({
  name: 'working',
  generation: 0,
  sinceMs: nowMs,
});
