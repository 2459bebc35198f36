import { ClaudeCallError, type CallErrorDetails } from './call-error.js';
import { codeOf, type FailureKind } from './failure/failure.js';
import { withoutStack } from './without-stack.js';

/** 400: the request is wrong; mend it. Never retried. */
export class ClaudeInvalidRequestError extends ClaudeCallError {
  override readonly name = 'ClaudeInvalidRequestError';
  readonly kind = 'invalid_request';
  readonly code = codeOf('invalid_request');
}

/** Refused for its content, by a 400 or by `stop_reason: refusal`. Never sent again unchanged. */
export class ClaudeContentPolicyError extends ClaudeCallError {
  override readonly name = 'ClaudeContentPolicyError';
  readonly kind = 'content_policy';
  readonly code = codeOf('content_policy');
}

/** 401: the key is missing, wrong or revoked. An operator must act. */
export class ClaudeAuthenticationError extends ClaudeCallError {
  override readonly name = 'ClaudeAuthenticationError';
  readonly kind = 'authentication';
  readonly code = codeOf('authentication');
}

/** 403: the account may not do this. An operator must check its permissions. */
export class ClaudePermissionError extends ClaudeCallError {
  override readonly name = 'ClaudePermissionError';
  readonly kind = 'permission';
  readonly code = codeOf('permission');
}

/** 404: the model id is wrong or retired. */
export class ClaudeNotFoundError extends ClaudeCallError {
  override readonly name = 'ClaudeNotFoundError';
  readonly kind = 'not_found';
  readonly code = codeOf('not_found');
}

/** 413, or a prompt over the context window: shorten or split. */
export class ClaudeTooLargeError extends ClaudeCallError {
  override readonly name = 'ClaudeTooLargeError';
  readonly kind = 'too_large';
  readonly code = codeOf('too_large');
}

/** No money: a spend limit, or a credit balance. Waiting does not help, an operator must act. */
export class ClaudeBillingError extends ClaudeCallError {
  override readonly name = 'ClaudeBillingError';
  readonly kind = 'billing';
  readonly code = codeOf('billing');
}

/** 429, after the retries that its rule allows. */
export class ClaudeRateLimitedError extends ClaudeCallError {
  override readonly name = 'ClaudeRateLimitedError';
  readonly kind = 'rate_limited';
  readonly code = codeOf('rate_limited');
}

/** 5xx, or an answer nobody can read, after the retries that its rule allows. */
export class ClaudeServerError extends ClaudeCallError {
  override readonly name = 'ClaudeServerError';
  readonly kind = 'server_error';
  readonly code = codeOf('server_error');
}

/** 529, after the retries that its rule allows. */
export class ClaudeOverloadedError extends ClaudeCallError {
  override readonly name = 'ClaudeOverloadedError';
  readonly kind = 'overloaded';
  readonly code = codeOf('overloaded');
}

/** No whole answer in time. */
export class ClaudeTimeoutError extends ClaudeCallError {
  override readonly name = 'ClaudeTimeoutError';
  readonly kind = 'timeout';
  readonly code = codeOf('timeout');
}

/** No connection, or one that broke, after the retries that its rule allows. */
export class ClaudeConnectionError extends ClaudeCallError {
  override readonly name = 'ClaudeConnectionError';
  readonly kind = 'connection';
  readonly code = codeOf('connection');
}

/** The caller's signal aborted; its reason is the `cause`. */
export class ClaudeCancelledError extends ClaudeCallError {
  override readonly name = 'ClaudeCancelledError';
  readonly kind = 'cancelled';
  readonly code = codeOf('cancelled');
}

/** The feature's circuit is open: nothing was sent. `retryAfterMs` counts to the next probe. */
export class ClaudeCircuitOpenError extends ClaudeCallError {
  override readonly name = 'ClaudeCircuitOpenError';
  readonly kind = 'circuit_open';
  readonly code = codeOf('circuit_open');
}

/** An error of the application's own, inside a function given to this module; it is the `cause`. */
export class ClaudeInternalError extends ClaudeCallError {
  override readonly name = 'ClaudeInternalError';
  readonly kind = 'internal';
  readonly code = codeOf('internal');
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

/** The typed error of a failure; that of a refusal has no stack. */
export function errorOf(details: CallErrorDetails): ClaudeCallError {
  const { kind } = details.failure;
  // Of those there are many, in the very moment of a storm.
  return kind === 'circuit_open' ? withoutStack(ERROR_OF[kind], details) : new ERROR_OF[kind](details);
}
