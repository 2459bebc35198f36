import type { ErrorType } from '../api/error-type.js';
import type { Damage, Fault, StreamFault } from './fault.js';

/** Far enough into an answer that the caller has seen some of it. */
const AFTER_SOME_TEXT = 5;

type ApiErrorFault = Extract<Fault, { kind: 'error' }>;

/**
 * Everything the simulator can do wrong, by the name a rule uses. Texts and codes are those of the real API where they
 * are known; clients must not match on the texts, so they may differ in wording.
 */
export const FAULT_PROFILES = {
  // 400: as sent, the request can never work
  invalid_request: error(400, 'invalid_request_error', 'messages.0.content: Field required'),
  content_filter: error(400, 'invalid_request_error', 'Output blocked by content filtering policy'),
  credit_balance: error(
    400,
    'invalid_request_error',
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  ),
  organization_spend_limit: error(
    400,
    'invalid_request_error',
    'You have reached your specified API usage limits. You will regain access on {next month} at 00:00 UTC.',
  ),
  workspace_spend_limit: error(
    400,
    'invalid_request_error',
    'You have reached your specified workspace API usage limits. You will regain access on {next month} at 00:00 UTC.',
  ),
  organization_on_hold: error(400, 'invalid_request_error', 'This organization has been disabled.', {
    details: { error_code: 'organization_on_hold', appeal_url: 'https://claude.ai/appeal' },
  }),

  // 401 to 413: the caller, the account or the size is wrong
  authentication: error(401, 'authentication_error', 'invalid x-api-key'),
  billing: error(402, 'billing_error', 'There is an issue with your billing or payment information.'),
  permission: error(403, 'permission_error', 'Your API key does not have permission to use the specified resource.'),
  not_found: error(404, 'not_found_error', 'The requested resource could not be found.'),
  request_timeout: error(408, 'timeout_error', 'The request timed out.'),
  conflict: error(409, 'conflict_error', 'The request conflicts with the current state of the resource.'),
  too_large_html: page(413, 'Request Entity Too Large'),

  // 429: limits that time heals
  rate_limited: error(429, 'rate_limit_error', "This request would exceed your organization's rate limit.", {
    retryAfterSeconds: 1,
    headers: { 'x-should-retry': 'true' },
    rateLimits: 'exhausted',
  }),
  ramp_limit: error(
    429,
    'rate_limit_error',
    'This request would exceed the maximum usage increase rate for input tokens per minute (acceleration limit).',
    { retryAfterSeconds: 1, headers: { 'x-should-retry': 'true' }, details: { error_code: 'ramp_limit_exceeded' } },
  ),
  concurrency_limit: error(429, 'rate_limit_error', 'Number of concurrent connections has exceeded your rate limit'),

  // 429: limits that no wait of seconds heals
  enforced_spend_limit: error(
    429,
    'rate_limit_error',
    "You have reached your API usage limits: your organization has crossed its monthly API usage threshold, set based on your organization's API tier. You will regain access on {next month} at 00:00 UTC.",
    { details: { error_code: 'enforced_spend_limit_reached' } },
  ),
  contract_spend_limit: error(429, 'rate_limit_error', 'Your organization has reached its contract spend limit.', {
    details: { error_code: 'contract_spend_limit_reached' },
  }),

  // 5xx: the API or the edge in front of it is unwell
  server_error: error(500, 'api_error', 'Internal server error'),
  bad_gateway_html: page(502, 'Bad Gateway'),
  unavailable: error(503, 'api_error', 'Service temporarily unavailable'),
  encryption_unavailable: error(503, 'api_error', 'Encryption settings cannot be read. Retry in a few minutes.', {
    details: { error_code: 'cmek_context_unavailable' },
  }),
  unavailable_html: page(503, 'Service Temporarily Unavailable'),
  gateway_timeout: error(504, 'timeout_error', 'The request timed out while processing.'),
  overloaded: error(529, 'overloaded_error', 'Overloaded', { headers: { 'x-should-retry': 'true' } }),

  // 200, and yet no answer to use
  refusal: { kind: 'refusal', category: null, message: null },
  broken_json: damage('broken_json'),
  html_ok: damage('html'),
  empty_ok: damage('empty'),

  // Late, or never
  slow_headers: { kind: 'slow' },
  hang: { kind: 'hang' },
  stalled_body: damage('stalled'),

  // The connection breaks
  truncated_body: damage('truncated'),
  reset_before_headers: { kind: 'reset' },
  reset_mid_body: damage('reset'),

  // Only streams: 200 and a good beginning
  stream_error: stream('error', AFTER_SOME_TEXT),
  stream_eof: stream('eof', AFTER_SOME_TEXT),
  stream_eof_after_delta: stream('eof_after_delta', null),
  stream_reset: stream('reset', AFTER_SOME_TEXT),
  stream_silence: stream('silence', AFTER_SOME_TEXT),
  stream_refusal: stream('refusal', AFTER_SOME_TEXT),
  stream_unknown_event: stream('unknown_event', null),
  stream_slow: stream('slow', null),

  // Only items of batches
  batch_expired: { kind: 'expired' },

  // { status, headers, body } of the rule
  custom: { kind: 'custom' },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULT_PROFILES;

function error(status: number, type: ErrorType, message: string, more: Partial<ApiErrorFault> = {}): ApiErrorFault {
  const plain = { details: null, retryAfterSeconds: null, headers: {}, rateLimits: 'absent' } as const;
  return { kind: 'error', status, type, message, ...plain, ...more };
}

function page(status: number, message: string): Extract<Fault, { kind: 'page' }> {
  return { kind: 'page', status, message };
}

function damage(how: Damage): Extract<Fault, { kind: 'damage' }> {
  return { kind: 'damage', damage: how };
}

function stream(how: StreamFault, afterEvents: number | null): Extract<Fault, { kind: 'stream' }> {
  return { kind: 'stream', how, afterEvents };
}
