import type { FailureFacts } from './failure/failure-facts.js';
import type { Failure } from './failure/failure.js';

/** Who goes first when not everybody can. */
export const CALL_PRIORITIES = ['urgent', 'normal', 'background'] as const;
export type CallPriority = (typeof CALL_PRIORITIES)[number];

/** What the caller asked for. Frozen at the desk, passed through every room. Times are those of `Clock.nowMs`. */
export interface ClaudeCall {
  /** Correlation id: in every log line, event and error of this call. */
  readonly id: string;
  readonly feature: string;
  /** What the call is part of, for metrics; the feature's name when the caller names none. */
  readonly workflow: string;
  readonly priority: CallPriority;
  /** The model asked for; `undefined` when the call is a function of the application's. */
  readonly model: string | undefined;
  readonly startedAtMs: number;
  /** Nothing of this call goes on after this moment: no attempt, no wait. */
  readonly deadlineAtMs: number;
  /** Longest time for one attempt, headers and body, in milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds an attempt must have had for its silence to count against the service. */
  readonly fairTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Language of sentences for the end user, a BCP 47 tag; the default one when nobody knows. */
  readonly locale?: string | undefined;
}

/** One request on the wire. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** Aborts when the attempt's time is over or the caller gives up. Lives until the body is read. */
  readonly signal: AbortSignal;
  /** Milliseconds this attempt may take, headers and body. */
  readonly timeoutMs: number;
  /**
   * Says that what runs inside asks for permits and limits of its own (a service call inside `run`). Gives this
   * attempt's permit back and leaves it only the deadline of the call: one owner of retrying, one permit per request.
   */
  handOver(): void;
}

/** Headers of an answer, by lower-case name: the limits, the times and the request's id; nothing else is kept. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/** What came back from the wire: a value, or what was seen instead and the error it was seen in. */
export type WireResult<T> =
  | { readonly ok: true; readonly value: T; readonly headers?: ResponseHeaders }
  | {
      readonly ok: false;
      readonly facts: FailureFacts;
      readonly cause: unknown;
      readonly headers?: ResponseHeaders;
      /** Nothing may follow, whatever the failure: the reader of a stream has part of an answer. */
      readonly isFinal?: boolean;
    };

/** The same after diagnosis. */
export type AttemptResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure; readonly cause: unknown };

/** How a call ended. Failures are values here; one typed error is made of them at the desk. */
export type Outcome<T, F = never> =
  | { readonly status: 'served'; readonly value: T; readonly attempts: number }
  | FallbackOutcome<F>
  | { readonly status: 'failed'; readonly failure: Failure; readonly cause: unknown; readonly attempts: number };

/** Answered, by the feature's fallback. `message` is a plain sentence for the end user (R29). */
export interface FallbackOutcome<F> {
  readonly status: 'fallback';
  readonly value: F;
  readonly message: string;
  readonly failure: Failure;
  readonly attempts: number;
}
