import Anthropic, { type APIError } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import { FAULT_PROFILES } from './fault-profiles.js';
import type { FaultRule } from './fault-rule.js';

const REQUEST = {
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'Summarise: Bees dance. They point to flowers. It works.' }],
};

const clock = new ManualClock(Date.UTC(2026, 10, 22, 12));
let simulator: ClaudeSimulator;
let client: Anthropic;

beforeAll(async () => {
  simulator = await ClaudeSimulator.start({ clock });
  client = new Anthropic({ apiKey: 'sk-test', baseURL: simulator.url, maxRetries: 0 });
});
afterAll(() => simulator.stop());

/** Plays one rule and gives what the SDK makes of it. */
async function play(rule: FaultRule): Promise<unknown> {
  simulator.scenario.set([rule]);
  simulator.requests.clear();
  return client.messages.create(REQUEST).catch((error: unknown) => error);
}

interface Row {
  readonly fault: FaultRule['fault'];
  readonly status: number;
  readonly type: string | null;
  readonly code?: string;
  readonly sees: string;
  readonly headers?: Readonly<Record<string, string | null>>;
}

const NO_ADVICE = { 'retry-after': null, 'x-should-retry': null, 'anthropic-ratelimit-requests-remaining': null };
const INVALID = { status: 400, type: 'invalid_request_error', headers: NO_ADVICE };
const LIMITED = { status: 429, type: 'rate_limit_error' };
const RETRY_IN_1_S = { 'retry-after': '1', 'x-should-retry': 'true' };
const ANONYMOUS = { 'anthropic-organization-id': null, 'anthropic-workspace-id': null };
const PAGE = { type: null, headers: { ...ANONYMOUS, 'content-type': 'text/html; charset=UTF-8' } };

// prettier-ignore
const ERRORS: readonly Row[] = [
  { fault: 'invalid_request', ...INVALID, sees: 'BadRequestError' },
  { fault: 'content_filter', ...INVALID, sees: 'BadRequestError' },
  { fault: 'credit_balance', ...INVALID, sees: 'BadRequestError' },
  { fault: 'organization_spend_limit', ...INVALID, sees: 'BadRequestError' },
  { fault: 'workspace_spend_limit', ...INVALID, sees: 'BadRequestError' },
  { fault: 'organization_on_hold', ...INVALID, code: 'organization_on_hold', sees: 'OrganizationOnHoldError' },
  { fault: 'authentication', status: 401, type: 'authentication_error', sees: 'AuthenticationError', headers: ANONYMOUS },
  { fault: 'billing', status: 402, type: 'billing_error', sees: 'PaymentRequiredError' },
  { fault: 'permission', status: 403, type: 'permission_error', sees: 'PermissionDeniedError' },
  { fault: 'not_found', status: 404, type: 'not_found_error', sees: 'NotFoundError' },
  { fault: 'request_timeout', status: 408, type: 'timeout_error', sees: 'RequestTimeoutError' },
  { fault: 'conflict', status: 409, type: 'conflict_error', sees: 'ConflictError' },
  { fault: 'too_large_html', status: 413, ...PAGE, sees: 'ContentTooLargeError' },
  { fault: 'rate_limited', ...LIMITED, sees: 'RateLimitError', headers: { ...RETRY_IN_1_S,
    'anthropic-ratelimit-requests-remaining': '0', 'anthropic-ratelimit-requests-reset': '2026-11-22T12:00:01Z' } },
  { fault: 'ramp_limit', ...LIMITED, code: 'ramp_limit_exceeded', sees: 'RampLimitExceededError', headers: RETRY_IN_1_S },
  { fault: 'concurrency_limit', ...LIMITED, sees: 'RateLimitError', headers: NO_ADVICE },
  { fault: 'enforced_spend_limit', ...LIMITED, code: 'enforced_spend_limit_reached', sees: 'EnforcedSpendLimitReachedError', headers: NO_ADVICE },
  { fault: 'contract_spend_limit', ...LIMITED, code: 'contract_spend_limit_reached', sees: 'ContractSpendLimitReachedError', headers: NO_ADVICE },
  { fault: 'server_error', status: 500, type: 'api_error', sees: 'InternalServerError' },
  { fault: 'bad_gateway_html', status: 502, ...PAGE, sees: 'InternalServerError' },
  { fault: 'unavailable', status: 503, type: 'api_error', sees: 'ServiceUnavailableError' },
  { fault: 'encryption_unavailable', status: 503, type: 'api_error', code: 'cmek_context_unavailable', sees: 'CMEKContextUnavailableError' },
  { fault: 'unavailable_html', status: 503, ...PAGE, sees: 'ServiceUnavailableError' },
  { fault: 'gateway_timeout', status: 504, type: 'timeout_error', sees: 'GatewayTimeoutError' },
  { fault: 'overloaded', status: 529, type: 'overloaded_error', sees: 'OverloadedError',
    headers: { 'retry-after': null, 'x-should-retry': 'true', 'anthropic-ratelimit-requests-remaining': null } },
];

describe('faults that answer with an error', () => {
  it.each(ERRORS)(
    '$fault: $status $type, SDK class $sees',
    async ({ fault, status, type, code = null, sees, headers = {} }) => {
      const error = (await play({ fault })) as APIError;
      expect({ class: error.constructor.name, status: error.status, type: error.type, code: error.errorCode }).toEqual({
        class: sees,
        status,
        type,
        code,
      });
      expect(error.requestID).toMatch(/^req_01/);
      for (const [name, value] of Object.entries(headers))
        expect([name, error.headers?.get(name)]).toEqual([name, value]);
      expect(simulator.requests.list()).toMatchObject([{ status, fault, requestId: error.requestID }]);
      if (type !== null) {
        const details = (error.error as { readonly error: { readonly details: unknown } }).error.details;
        expect(details).toEqual(code === null ? null : expect.objectContaining({ error_code: code }));
        expect(error.error).toMatchObject({ type: 'error', request_id: error.requestID });
      }
    },
  );

  it('take their parameters from the rule', async () => {
    const rule: FaultRule = {
      fault: 'overloaded',
      retryAfterSeconds: 7,
      message: 'Busy',
      headers: { 'X-Should-Retry': 'false' },
    };
    const error = (await play(rule)) as APIError;
    expect(error.apiMessage).toBe('Busy');
    expect(error.headers?.get('retry-after')).toBe('7');
    expect(error.headers?.get('x-should-retry')).toBe('false');
  });

  it('rate_limited: null leaves out the retry-after that the real API sends', async () => {
    const error = (await play({ fault: 'rate_limited', retryAfterSeconds: null })) as APIError;
    expect(error.headers?.get('retry-after')).toBeNull();
  });

  it('spend limits name the first of the next month', async () => {
    const error = (await play({ fault: 'enforced_spend_limit' })) as APIError;
    expect(error.apiMessage).toContain('You will regain access on 2026-12-01 at 00:00 UTC.');
  });

  it('pages of the edge say so in HTML, with the rule text made harmless', async () => {
    const error = (await play({ fault: 'bad_gateway_html', message: '<b>no</b>' })) as APIError;
    expect(error.message).toContain('<h1>502 &#60;b&#62;no&#60;/b&#62;</h1>');
  });
});

it('every profile that answers with an error is covered above', () => {
  const names = Object.entries(FAULT_PROFILES).filter(([, { kind }]) => kind === 'error' || kind === 'page');
  expect(ERRORS.map(({ fault }) => fault).sort()).toEqual(names.map(([name]) => name).sort());
});
