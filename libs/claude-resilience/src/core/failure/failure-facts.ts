import type { Failure } from './failure.js';

/**
 * What was seen, before anybody judged it. The wire (`anthropic/`) writes these, `diagnoseFailure` reads them.
 * `says` may hold text of the API: it is matched, and then dropped.
 */
export type FailureFacts =
  | ResponseFacts
  /** No usable answer arrived: DNS, TCP, TLS, or a reset before the headers. */
  | { readonly from: 'connection'; readonly networkCode?: string }
  /** Headers arrived, a usable body did not. */
  | { readonly from: 'body'; readonly problem: 'broken' | 'not_json' }
  /** The API answered 200 and declined to answer the question. */
  | { readonly from: 'refusal'; readonly category?: string }
  /** The request is larger than the API takes; nothing was sent. */
  | { readonly from: 'oversize' }
  /** The application's own screener did not allow the request, or could not say; nothing was sent. */
  | { readonly from: 'screener'; readonly verdict: 'rejected' | 'none' }
  /**
   * A limit ran out. `isHurried`: the caller had left so little time that the silence says nothing about the service.
   */
  | { readonly from: 'timeout'; readonly limit: TimeLimit; readonly isHurried?: boolean }
  /** The caller gave up. */
  | { readonly from: 'abort' }
  /** Our own pacing refused: too late for the deadline, or too many wait; nothing was sent. */
  | { readonly from: 'pacing'; readonly reason: 'deadline' | 'room_full'; readonly retryAfterMs?: number }
  /** A budget that stops is spent; nothing was sent. */
  | { readonly from: 'budget'; readonly retryAfterMs: number }
  /** Our own circuit refused; nothing was sent. */
  | { readonly from: 'circuit'; readonly retryAfterMs: number }
  /** A call inside this one failed, and was retried and counted there. */
  | { readonly from: 'inner_call'; readonly failure: Failure }
  /** An error that no wire made: a bug or a setting of the application. */
  | { readonly from: 'code'; readonly says?: string };

/** What an attempt waited for when its time was over: the answer's headers, its body, a stream's first event or its next. */
export const AWAITED_LIMITS = ['headers', 'body', 'first_event', 'silence'] as const;
export type AwaitedLimit = (typeof AWAITED_LIMITS)[number];

/** Further: `attempt`, where nobody knows what was waited for; `deadline`, the end of the whole call. */
export type TimeLimit = AwaitedLimit | 'attempt' | 'deadline';

/** An error that the API, or an edge in front of it, put into words. */
export interface ResponseFacts {
  readonly from: 'response';
  /** Absent for an error event inside a stream that began with 200. */
  readonly status?: number;
  /** `error.type` of the body. */
  readonly type?: string;
  /** `error.details.error_code` of the body. */
  readonly code?: string;
  readonly says?: string;
  /** Headers `retry-after-ms` and `retry-after` as received. */
  readonly retryAfterMs?: string;
  readonly retryAfter?: string;
  /** Header `x-should-retry: false`: the API asks not to repeat. */
  readonly mayRetry?: boolean;
  readonly requestId?: string;
}
