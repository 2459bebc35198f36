import type { AlertErrorType } from './alert-error-type.js';

/** What errors of a type are called in alerts. */
export const ERROR_TYPE_WORDS: Readonly<Record<AlertErrorType, string>> = {
  rate_limited: 'rate limits',
  upstream_5xx: 'server errors and overload (5xx)',
  timeout: 'timeouts',
  content_policy: 'declined content',
  connection: 'connection errors',
  authentication: 'refused keys (401)',
  permission: 'refused permissions (403)',
  billing: 'billing errors',
  not_found: 'unknown models (404)',
  invalid_request: 'invalid requests (400)',
  too_large: 'requests too large (413)',
  internal: 'errors of our own',
};
