import type { FailureKind } from '../failure/failure.js';

/**
 * Failures a fallback answers by default: all that the service, the network or the account causes. A request the caller
 * must mend (`invalid_request`, `content_policy`, `too_large`), the caller's own abort and a bug of the application are
 * not hidden behind a simpler answer.
 */
export const DEGRADABLE_KINDS: readonly FailureKind[] = Object.freeze([
  'authentication',
  'permission',
  'not_found',
  'billing',
  'rate_limited',
  'server_error',
  'overloaded',
  'timeout',
  'connection',
  'circuit_open',
]);
