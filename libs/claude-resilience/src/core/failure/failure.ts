import type { RefusalCategory } from './refusal-category.js';

/**
 * Every way a call can end badly: a closed set, also used as the `error_type` label of metrics.
 * Each kind has one error class (`core/call-errors.ts`), one user message (`core/wording/`) and one HTTP status.
 */
export const FAILURE_KINDS = [
  'invalid_request',
  'content_policy',
  'authentication',
  'permission',
  'not_found',
  'too_large',
  'billing',
  'rate_limited',
  'server_error',
  'overloaded',
  'timeout',
  'connection',
  'cancelled',
  'circuit_open',
  'internal',
] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

/** The stable code of a failure: `CLAUDE_` and the kind in capitals, for example `CLAUDE_RATE_LIMITED`. */
export type FailureCode = `CLAUDE_${Uppercase<FailureKind>}`;

export function codeOf<Kind extends FailureKind>(kind: Kind): `CLAUDE_${Uppercase<Kind>}` {
  return `CLAUDE_${kind.toUpperCase() as Uppercase<Kind>}`;
}

/** How far the trouble reaches: what else fails in the same way while it lasts. */
export const FAILURE_SCOPES = ['request', 'feature', 'model_class', 'credential', 'organisation', 'service'] as const;
export type FailureScope = (typeof FAILURE_SCOPES)[number];

/**
 * Whom it concerns: nobody; those who look at the numbers, and whoever is on call if it lasts; an operator during the day
 * (`warning`); an operator now, whatever the hour (`critical`).
 */
export const FAILURE_SEVERITIES = ['none', 'info', 'warning', 'critical'] as const;
export type FailureSeverity = (typeof FAILURE_SEVERITIES)[number];

/**
 * Whether another model can answer: at once; only one whose rate limits are counted apart; once repeating is of no more
 * use; where the feature asks for it; or none.
 */
export type OtherModel = 'yes' | 'other_bucket' | 'after_retries' | 'opt_in' | 'no';

/** What went wrong, in our words. Holds no text of the API, so all of it may be logged. */
export interface Failure {
  readonly kind: FailureKind;
  /** Whether the same request can succeed later. How often and when is the retry rule's decision. */
  readonly retryable: boolean;
  /** Whether it counts against the circuit; `neutral` says nothing about the service. */
  readonly verdict: 'failure' | 'neutral';
  /** Set when a call inside this one failed: it was retried, counted and told there. */
  readonly isInner?: true;
  /** Set when this call cannot repeat it, whatever the kind: the reader of a stream has part of an answer. */
  readonly isFinal?: true;
  /** Whether another model may answer instead; absent: no. */
  readonly mayFallBackToModel?: OtherModel;
  /** Which row of the diagnosis table decided; for logs and tests. */
  readonly rule: string;
  readonly scope: FailureScope;
  readonly severity: FailureSeverity;
  /** Set when every call with the same credential will fail alike: they stop until a probe gets through. */
  readonly stopsAccount?: true;
  /** Set when nothing was sent, since this is what stopped the account: operators were told then, once. */
  readonly isHeld?: true;
  /** What an operator can do about it, in our words. */
  readonly action?: string;
  /** Set when the API said something that no row of the table names: worth counting, and then a row. */
  readonly isUnknown?: true;
  /** Wall-clock milliseconds since the epoch at which a spend limit gives access back, where that is known. */
  readonly accessReturnsAtMs?: number;
  /** Milliseconds the API, or the circuit, asked to wait, or that such a failure is known to last; absent when unknown. */
  readonly retryAfterMs?: number;
  /** What a refusal was about, where the API says it. */
  readonly category?: RefusalCategory;
  /** HTTP status of the API's answer; absent when there was none. */
  readonly status?: number;
  /** The API's own id of the request, for support tickets. Goes to logs, never to end users. */
  readonly requestId?: string;
}
