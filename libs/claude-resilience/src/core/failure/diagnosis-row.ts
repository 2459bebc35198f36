import { STRATEGY_OF, type RetryStrategyName } from '../retry/retry.options.js';
import type { FailureFacts, TimeLimit } from './failure-facts.js';
import type { FailureKind } from './failure.js';
import { KIND_TRAITS, type Traits } from './kind-traits.js';

/** A row matches when every field of `when` does; an absent field matches anything. */
export interface Pattern {
  /** Absent for `response`: an answer of the API, or of an edge in front of it. */
  readonly from?: FailureFacts['from'];
  readonly status?: number | readonly number[] | StatusRange;
  readonly type?: string | readonly string[];
  readonly code?: string | readonly string[];
  readonly says?: RegExp;
  readonly networkCode?: RegExp;
  readonly problem?: 'broken' | 'not_json';
  /** Of pacing. */
  readonly reason?: 'deadline' | 'room_full';
  /** Of a screener. */
  readonly verdict?: 'rejected' | 'none';
  readonly limit?: TimeLimit;
}

/** Both ends included. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** One way a call can fail, and all that follows from it. */
export interface DiagnosisRow extends Traits {
  /** Its name, in logs and in `Failure.rule`. */
  readonly rule: string;
  readonly when: Pattern;
  readonly kind: FailureKind;
  /** The strategy it is retried by; `none` if repeating it is of no use. */
  readonly retry: RetryStrategyName | 'none';
  readonly retryable: boolean;
  /** Milliseconds to wait before a retry when the API names no time. */
  readonly waitMs?: number;
  /** How the end of a spend limit is known: from the text, else perhaps by rule. */
  readonly accessReturns?: 'as_said' | 'as_said_or_next_month';
  /** For what has no row of its own: unknown, unless the API gave it a type that is known. */
  readonly isCatchAll?: true;
  /** How the API puts it, where only the words tell; or what it is, where nothing else would. For people and tests. */
  readonly words?: string;
}

/** What a row says for itself; all else follows from its kind. */
export type OwnTraits = Partial<Traits> &
  Pick<DiagnosisRow, 'waitMs' | 'accessReturns' | 'isCatchAll' | 'words'> & { readonly retry?: 'none' };

/** Rows about the same thing. */
export interface Theme {
  readonly title: string;
  readonly rows: readonly DiagnosisRow[];
}

/** Whether and how a kind is retried is told by the retry strategies; a row can only say that it is of no use here. */
export function row(rule: string, when: Pattern, kind: FailureKind, own: OwnTraits = {}): DiagnosisRow {
  const retry = own.retry ?? STRATEGY_OF[kind] ?? 'none';
  const traits = { ...KIND_TRAITS[kind], ...own };
  // Only an answer of the API says anything about the account: without a key here, nothing was sent.
  const stopsAccount = traits.stopsAccount && when.from === undefined;
  return Object.freeze({ rule, when, kind, ...traits, stopsAccount, retry, retryable: retry !== 'none' });
}
