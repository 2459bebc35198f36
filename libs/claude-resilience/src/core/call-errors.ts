import { ClaudeCallError, type CallErrorDetails } from './call-error.js';
import type { FailureKind } from './failure/failure.js';
import { withoutStack } from './without-stack.js';

/** 400: the request is wrong; mend it. Never retried. */
export class ClaudeInvalidRequestError extends ClaudeCallError {
  override readonly name = 'ClaudeInvalidRequestError';
  readonly kind = 'invalid_request';
  readonly code = 'CLAUDE_INVALID_REQUEST';
}

/** Refused for its content, by a 400 or by `stop_reason: refusal`. Never sent again unchanged. */
export class ClaudeContentPolicyError extends ClaudeCallError {
  override readonly name = 'ClaudeContentPolicyError';
  readonly kind = 'content_policy';
  readonly code = 'CLAUDE_CONTENT_POLICY';
}

/** 401: the key is missing, wrong or revoked. An operator must act. */
export class ClaudeAuthenticationError extends ClaudeCallError {
  override readonly name = 'ClaudeAuthenticationError';
  readonly kind = 'authentication';
  readonly code = 'CLAUDE_AUTHENTICATION';
}

/** 403: the account may not do this. An operator must check its permissions. */
export class ClaudePermissionError extends ClaudeCallError {
  override readonly name = 'ClaudePermissionError';
  readonly kind = 'permission';
  readonly code = 'CLAUDE_PERMISSION';
}

/** 404: the model id is wrong or retired. */
export class ClaudeNotFoundError extends ClaudeCallError {
  override readonly name = 'ClaudeNotFoundError';
  readonly kind = 'not_found';
  readonly code = 'CLAUDE_NOT_FOUND';
}

/** 413, or a prompt over the context window: shorten or split. */
export class ClaudeTooLargeError extends ClaudeCallError {
  override readonly name = 'ClaudeTooLargeError';
  readonly kind = 'too_large';
  readonly code = 'CLAUDE_TOO_LARGE';
}

/** No money: a spend limit, or a credit balance. Waiting does not help, an operator must act. */
export class ClaudeBillingError extends ClaudeCallError {
  override readonly name = 'ClaudeBillingError';
  readonly kind = 'billing';
  readonly code = 'CLAUDE_BILLING';
}

/** 429, after the retries that its rule allows. */
export class ClaudeRateLimitedError extends ClaudeCallError {
  override readonly name = 'ClaudeRateLimitedError';
  readonly kind = 'rate_limited';
  readonly code = 'CLAUDE_RATE_LIMITED';
}

/** 5xx, or an answer nobody can read, after the retries that its rule allows. */
export class ClaudeServerError extends ClaudeCallError {
  override readonly name = 'ClaudeServerError';
  readonly kind = 'server_error';
  readonly code = 'CLAUDE_SERVER_ERROR';
}

/** 529, after the retries that its rule allows. */
export class ClaudeOverloadedError extends ClaudeCallError {
  override readonly name = 'ClaudeOverloadedError';
  readonly kind = 'overloaded';
  readonly code = 'CLAUDE_OVERLOADED';
}

/** No whole answer in time. */
export class ClaudeTimeoutError extends ClaudeCallError {
  override readonly name = 'ClaudeTimeoutError';
  readonly kind = 'timeout';
  readonly code = 'CLAUDE_TIMEOUT';
}

/** No connection, or one that broke, after the retries that its rule allows. */
export class ClaudeConnectionError extends ClaudeCallError {
  override readonly name = 'ClaudeConnectionError';
  readonly kind = 'connection';
  readonly code = 'CLAUDE_CONNECTION';
}

/** The caller's signal aborted; its reason is the `cause`. */
export class ClaudeCancelledError extends ClaudeCallError {
  override readonly name = 'ClaudeCancelledError';
  readonly kind = 'cancelled';
  readonly code = 'CLAUDE_CANCELLED';
}

/** The feature's circuit is open: nothing was sent. `retryAfterMs` counts to the next probe. */
export class ClaudeCircuitOpenError extends ClaudeCallError {
  override readonly name = 'ClaudeCircuitOpenError';
  readonly kind = 'circuit_open';
  readonly code = 'CLAUDE_CIRCUIT_OPEN';
}

/** An error of the application's own, inside a function given to this module; it is the `cause`. */
export class ClaudeInternalError extends ClaudeCallError {
  override readonly name = 'ClaudeInternalError';
  readonly kind = 'internal';
  readonly code = 'CLAUDE_INTERNAL';
}

const ERROR_OF: Readonly<Record<FailureKind, new (details: CallErrorDetails) => ClaudeCallError>> = Object.freeze({
  invalid_request: ClaudeInvalidRequestError,
  content_policy: ClaudeContentPolicyError,
  authentication: ClaudeAuthenticationError,
  permission: ClaudePermissionError,
  not_found: ClaudeNotFoundError,
  too_large: ClaudeTooLargeError,
  billing: ClaudeBillingError,
  rate_limited: ClaudeRateLimitedError,
  server_error: ClaudeServerError,
  overloaded: ClaudeOverloadedError,
  timeout: ClaudeTimeoutError,
  connection: ClaudeConnectionError,
  cancelled: ClaudeCancelledError,
  circuit_open: ClaudeCircuitOpenError,
  internal: ClaudeInternalError,
});

/** The typed error of a failure; that of a refusal does not look where it was made. */
export function errorOf(details: CallErrorDetails): ClaudeCallError {
  const { kind } = details.failure;
  // Of those there are many, in the very moment of a storm.
  return kind === 'circuit_open' ? withoutStack(ERROR_OF[kind], details) : new ERROR_OF[kind](details);
}
