import type { ErrorType } from '../api/error-type.js';
import type { StreamEvent } from '../streams/stream-event.js';
import { FAULT_PROFILES } from './fault-profiles.js';
import type { FaultRule } from './fault-rule.js';

/** An error after the 200: no status and no code to look at, only the type. */
export function streamErrorEvent(
  { errorType = 'overloaded_error', message = MESSAGES[errorType] ?? 'Error' }: FaultRule,
  requestId: string,
): StreamEvent {
  return { type: 'error', error: { details: null, type: errorType, message }, request_id: requestId };
}

/** Texts seen in the middle of streams. */
const MESSAGES: Readonly<Partial<Record<ErrorType, string>>> = {
  api_error: FAULT_PROFILES.server_error.message,
  invalid_request_error: FAULT_PROFILES.content_filter.message,
  overloaded_error: FAULT_PROFILES.overloaded.message,
  rate_limit_error: FAULT_PROFILES.rate_limited.message,
  timeout_error: FAULT_PROFILES.gateway_timeout.message,
};
