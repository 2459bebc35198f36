import type { ClaudeCallError } from '../core/call-error.js';
import type { FailureKind } from '../core/failure/failure.js';
import type { ClaudeWording } from '../core/wording/claude-wording.port.js';
import { messageFor, type UserAction } from '../core/wording/user-messages.js';

/** RFC 9457. Nothing in it comes from the API: neither its words nor its status, and no name of a vendor or model. */
export interface ProblemDetails {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** For the end user (R27); the same sentence as `detail`. */
  readonly message: string;
  readonly retryable: boolean;
  /** Whole seconds, where a waiting time is known. */
  readonly retryAfterSeconds?: number;
  readonly actions: readonly UserAction[];
  readonly correlationId: string;
}

interface HttpAnswer {
  readonly status: number;
  /** The standard phrase of the status. */
  readonly title: string;
}

const BUSY: HttpAnswer = { status: 503, title: 'Service Unavailable' };
const OUR_FAULT: HttpAnswer = { status: 500, title: 'Internal Server Error' };
const UNPROCESSABLE: HttpAnswer = { status: 422, title: 'Unprocessable Content' };

/** A status of the API's is never the user's: our 429 with Anthropic is their 503. */
const ANSWERS: Readonly<Record<FailureKind, HttpAnswer>> = {
  invalid_request: UNPROCESSABLE,
  content_policy: UNPROCESSABLE,
  authentication: OUR_FAULT,
  permission: OUR_FAULT,
  not_found: OUR_FAULT,
  too_large: { status: 413, title: 'Content Too Large' },
  billing: OUR_FAULT,
  rate_limited: BUSY,
  server_error: BUSY,
  overloaded: BUSY,
  timeout: { status: 504, title: 'Gateway Timeout' },
  connection: BUSY,
  cancelled: { status: 499, title: 'Client Closed Request' },
  circuit_open: BUSY,
  internal: OUR_FAULT,
};

/** Said in `Retry-After` when a 503 knows no better time, in seconds. */
const USUAL_WAIT_SECONDS = 5;

/**
 * What a failed call is over HTTP: the body of an answer, or the last event of a stream that had begun.
 *
 * @param locale the language of `detail` and `message`; over HTTP it belongs into `Content-Language`
 */
export function problemOf(
  { kind, code, retryable, retryAfterMs, correlationId, failure }: ClaudeCallError,
  wording: ClaudeWording,
  locale: string,
): ProblemDetails {
  const { status, title } = ANSWERS[kind];
  const times = { retryAfterMs, returnsAtMs: failure.accessReturnsAtMs };
  const { message, actions } = messageFor(kind, wording, locale, times);
  const knownSeconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
  const retryAfterSeconds = knownSeconds ?? (status === 503 ? USUAL_WAIT_SECONDS : undefined);
  return {
    type: 'about:blank',
    title,
    status,
    detail: message,
    code,
    message,
    retryable,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    actions,
    correlationId,
  };
}
