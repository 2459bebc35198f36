import type { AccountFailure, AccountState } from './account-state.js';

/** What an operator must hear: that an account stopped, or stopped for another reason, and that it goes on. */
export type AccountNotice = AccountStopped | AccountResumed;

interface OfAccount {
  /** Name of the platform whose credential it is. */
  readonly account: string;
  /** Why it is, or was, stopped. */
  readonly failure: AccountFailure;
  /** When it stopped, by `Clock.nowMs`. */
  readonly sinceMs: number;
}

export interface AccountStopped extends OfAccount {
  readonly type: 'account.stopped';
}

export interface AccountResumed extends OfAccount {
  readonly type: 'account.resumed';
  readonly stoppedForMs: number;
}

/** Told once: a probe that is refused for the same reason is no news. */
export function noticeOf(account: string, from: AccountState, to: AccountState): AccountNotice | undefined {
  if (to.name === 'stopped') {
    if (from.name === 'stopped' && isSameReason(from.failure, to.failure)) return undefined;
    return { type: 'account.stopped', account, failure: to.failure, sinceMs: to.sinceMs };
  }
  if (from.name === 'working') return undefined;
  const { failure, sinceMs } = from;
  return { type: 'account.resumed', account, failure, sinceMs, stoppedForMs: to.sinceMs - sinceMs };
}

function isSameReason(one: AccountFailure, other: AccountFailure): boolean {
  return one.kind === other.kind && one.rule === other.rule;
}
