import type { FailureKind } from '../failure/failure.js';

/** What Claude does where calls fail like this: it follows "Claude", and "for ..." follows it. */
export const CLAUDE_IS: Readonly<Record<FailureKind, string>> = {
  overloaded: 'is overloaded',
  server_error: 'fails with server errors',
  timeout: 'does not answer in time',
  connection: 'cannot be reached',
  rate_limited: 'asks us to slow down',
  invalid_request: 'refuses requests as invalid',
  content_policy: 'declines content',
  authentication: 'refuses our API key',
  permission: 'refuses us permission',
  not_found: 'does not know the model',
  too_large: 'refuses requests as too large',
  billing: 'refuses us for billing reasons',
  cancelled: 'is asked and given up',
  circuit_open: 'is not asked',
  internal: 'cannot be asked, by an error of the application,',
};

/** The same as a noun, for causes: "5 of 5 calls failed (overload)". */
export const FAILURE_NOUN: Readonly<Record<FailureKind, string>> = {
  overloaded: 'overload, 529',
  server_error: 'server errors, 5xx',
  timeout: 'timeouts',
  connection: 'connection errors',
  rate_limited: 'rate limits, 429',
  invalid_request: 'invalid requests, 400',
  content_policy: 'declined content',
  authentication: 'API key refused, 401',
  permission: 'permission refused, 403',
  not_found: 'unknown model, 404',
  too_large: 'requests too large, 413',
  billing: 'billing',
  cancelled: 'given up by the caller',
  circuit_open: 'circuit open',
  internal: 'error of the application',
};
