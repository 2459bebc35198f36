import type { FailureKind } from '../failure/failure.js';

/**
 * What errors are told apart by in alerts (R30): the kinds of failure, but for what nobody asked the API (`circuit_open`),
 * for what the caller ended (`cancelled`), and with 500s and 529s as one, `upstream_5xx`, since they have one cause.
 */
export const ALERT_ERROR_TYPES = [
  'rate_limited',
  'upstream_5xx',
  'timeout',
  'content_policy',
  'connection',
  'authentication',
  'permission',
  'billing',
  'not_found',
  'invalid_request',
  'too_large',
  'internal',
] as const satisfies readonly (FailureKind | 'upstream_5xx')[];
export type AlertErrorType = (typeof ALERT_ERROR_TYPES)[number];

/** @returns `undefined` for what is no error of a request */
export function alertErrorTypeOf(kind: FailureKind): AlertErrorType | undefined {
  switch (kind) {
    case 'server_error':
    case 'overloaded':
      return 'upstream_5xx';
    case 'cancelled':
    case 'circuit_open':
      return undefined;
    default:
      return kind;
  }
}

/** Those that somebody has to mend, whatever their share: told at once (R4). */
export const ACCESS_ERROR_TYPES = [
  'authentication',
  'permission',
  'billing',
] as const satisfies readonly AlertErrorType[];
export type AccessErrorType = (typeof ACCESS_ERROR_TYPES)[number];

export function isAccessErrorType(type: string): type is AccessErrorType {
  return (ACCESS_ERROR_TYPES as readonly string[]).includes(type);
}
