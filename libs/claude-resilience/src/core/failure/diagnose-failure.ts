import type { FailureFacts, ResponseFacts } from './failure-facts.js';
import type { Failure, FailureKind } from './failure.js';
import { readRetryAfter } from './retry-after.js';

/** A row matches when every field of `when` does; an absent field matches anything. */
interface DiagnosisRow {
  readonly rule: string;
  readonly when: Pattern;
  readonly kind: FailureKind;
  readonly retryable: boolean;
}

interface Pattern {
  readonly from: FailureFacts['from'];
  readonly status?: number | readonly [from: number, to: number];
  readonly type?: string;
  readonly code?: string | readonly string[];
  readonly says?: RegExp;
  readonly problem?: 'broken' | 'not_json';
  readonly limit?: 'attempt' | 'deadline';
}

const PERMANENT = false;
const RETRYABLE = true;

/** First match wins, so the special stands above the general. Source of the rows: the API's error reference, 2026-11. */
// oxfmt-ignore
export const DIAGNOSIS_TABLE: readonly DiagnosisRow[] = [
  // 429 that no wait can heal: the month's money is spent
  row('enforced_spend_limit',   { from: 'response', code: 'enforced_spend_limit_reached' },                    'billing', PERMANENT),
  row('contract_spend_limit',   { from: 'response', code: 'contract_spend_limit_reached' },                    'billing', PERMANENT),
  row('rate_limit',             { from: 'response', status: 429 },                                             'rate_limited', RETRYABLE),

  // 400 is one status for many things; these have no code of their own, or one that is not the caller's fault
  row('own_spend_limit',        { from: 'response', status: 400, says: /^you have reached your specified (workspace )?api usage limits/i }, 'billing', PERMANENT),
  row('credit_balance',         { from: 'response', status: 400, says: /credit balance is too low/i },          'billing', PERMANENT),
  row('account_on_hold',        { from: 'response', status: 400, code: 'organization_on_hold' },                'permission', PERMANENT),
  row('encryption_key_off',     { from: 'response', status: 400, code: ['cmek_key_disabled', 'cmek_key_network_blocked'] }, 'permission', PERMANENT),
  row('content_filter',         { from: 'response', says: /blocked by content filtering policy/i },             'content_policy', PERMANENT),
  row('prompt_too_long',        { from: 'response', status: 400, says: /prompt is too long|exceeds? (the )?(maximum )?context (window|limit)/i }, 'too_large', PERMANENT),
  row('body_came_too_slowly',   { from: 'response', status: 400, code: 'request_body_timeout' },                'timeout', RETRYABLE),
  row('bad_request',            { from: 'response', status: 400 },                                              'invalid_request', PERMANENT),

  row('unauthenticated',        { from: 'response', status: 401 },                                              'authentication', PERMANENT),
  row('payment_required',       { from: 'response', status: 402 },                                              'billing', PERMANENT),
  row('forbidden',              { from: 'response', status: 403 },                                              'permission', PERMANENT),
  row('unknown_model_or_path',  { from: 'response', status: 404 },                                              'not_found', PERMANENT),
  row('request_timeout',        { from: 'response', status: 408 },                                              'timeout', RETRYABLE),
  row('payload_too_large',      { from: 'response', status: 413 },                                              'too_large', PERMANENT),
  row('edge_closed',            { from: 'response', status: 499 },                                              'connection', RETRYABLE),
  row('other_4xx',              { from: 'response', status: [400, 499] },                                       'invalid_request', PERMANENT),

  row('not_implemented',        { from: 'response', status: 501 },                                              'server_error', PERMANENT),
  row('gateway_timeout',        { from: 'response', status: 504 },                                              'timeout', RETRYABLE),
  row('overloaded',             { from: 'response', status: 529 },                                              'overloaded', RETRYABLE),
  row('other_5xx',              { from: 'response', status: [500, 599] },                                       'server_error', RETRYABLE),

  // An error event inside a 200: the status is of no use, the type is
  row('overloaded_type',        { from: 'response', type: 'overloaded_error' },                                 'overloaded', RETRYABLE),
  row('timeout_type',           { from: 'response', type: 'timeout_error' },                                    'timeout', RETRYABLE),
  row('rate_limit_type',        { from: 'response', type: 'rate_limit_error' },                                 'rate_limited', RETRYABLE),
  row('api_error_type',         { from: 'response', type: 'api_error' },                                        'server_error', RETRYABLE),
  row('bad_request_type',       { from: 'response', type: 'invalid_request_error' },                            'invalid_request', PERMANENT),
  row('authentication_type',    { from: 'response', type: 'authentication_error' },                             'authentication', PERMANENT),
  row('permission_type',        { from: 'response', type: 'permission_error' },                                 'permission', PERMANENT),
  row('billing_type',           { from: 'response', type: 'billing_error' },                                    'billing', PERMANENT),
  row('not_found_type',         { from: 'response', type: 'not_found_error' },                                  'not_found', PERMANENT),
  row('too_large_type',         { from: 'response', type: 'request_too_large' },                                'too_large', PERMANENT),
  // Whatever comes next year: counted by the circuit, not repeated
  row('unknown_answer',         { from: 'response' },                                                           'server_error', PERMANENT),

  row('no_connection',          { from: 'connection' },                                                         'connection', RETRYABLE),
  row('broken_body',            { from: 'body', problem: 'broken' },                                            'connection', RETRYABLE),
  row('body_is_not_json',       { from: 'body', problem: 'not_json' },                                          'server_error', RETRYABLE),
  row('refusal',                { from: 'refusal' },                                                            'content_policy', PERMANENT),
  row('attempt_timeout',        { from: 'timeout', limit: 'attempt' },                                          'timeout', RETRYABLE),
  row('deadline',               { from: 'timeout', limit: 'deadline' },                                         'timeout', PERMANENT),
  row('caller_aborted',         { from: 'abort' },                                                              'cancelled', PERMANENT),
  row('circuit_open',           { from: 'circuit' },                                                            'circuit_open', PERMANENT),
  row('no_credentials',         { from: 'code', says: /could not resolve authentication|apikey|api key|credential/i }, 'authentication', PERMANENT),
  row('application',            { from: 'code' },                                                               'internal', PERMANENT),
];

/** Kinds that say "the service is unwell". A 429 pauses, it does not trip. */
const UNWELL: ReadonlySet<FailureKind> = new Set(['server_error', 'overloaded', 'timeout', 'connection']);

/**
 * Turns plain facts into a failure by the table above.
 *
 * @param wallMs wall-clock milliseconds since the epoch, for a `retry-after` that is a date
 */
export function diagnoseFailure(facts: FailureFacts, wallMs: number): Failure {
  if (facts.from === 'inner_call') return { ...facts.failure, retryable: false, verdict: 'neutral', isInner: true };
  const found = DIAGNOSIS_TABLE.find(({ when }) => matches(when, facts));
  if (found === undefined) throw new Error(`No diagnosis for facts from ${facts.from}`); // its spec proves: never
  const { kind, retryable, rule } = found;
  const isJudgement = UNWELL.has(kind) && !(facts.from === 'timeout' && facts.isHurried === true);
  const failure: Failure = { kind, retryable, rule, verdict: isJudgement ? 'failure' : 'neutral' };
  if (facts.from === 'circuit') return { ...failure, retryAfterMs: facts.retryAfterMs };
  if (facts.from !== 'response') return failure;
  return { ...failure, retryable: retryable && facts.mayRetry !== false, ...hintsOf(facts, wallMs) };
}

function hintsOf(facts: ResponseFacts, wallMs: number): Pick<Failure, 'retryAfterMs' | 'status' | 'requestId'> {
  const retryAfterMs = readRetryAfter(facts.retryAfterMs, facts.retryAfter, wallMs);
  return {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(facts.status !== undefined && { status: facts.status }),
    ...(facts.requestId !== undefined && { requestId: facts.requestId }),
  };
}

function matches(when: Pattern, facts: FailureFacts): boolean {
  if (when.from !== facts.from) return false;
  switch (facts.from) {
    case 'response':
      return (
        inRange(when.status, facts.status) &&
        (when.type === undefined || when.type === facts.type) &&
        (when.code === undefined || (facts.code !== undefined && [when.code].flat().includes(facts.code))) &&
        (when.says === undefined || when.says.test(facts.says ?? ''))
      );
    case 'body':
      return when.problem === undefined || when.problem === facts.problem;
    case 'timeout':
      return when.limit === undefined || when.limit === facts.limit;
    case 'code':
      return when.says === undefined || when.says.test(facts.says ?? '');
    default:
      return true;
  }
}

function inRange(wanted: Pattern['status'], status: number | undefined): boolean {
  if (wanted === undefined) return true;
  if (status === undefined) return false;
  return typeof wanted === 'number' ? status === wanted : status >= wanted[0] && status <= wanted[1];
}

function row(rule: string, when: Pattern, kind: FailureKind, retryable: boolean): DiagnosisRow {
  return { rule, when, kind, retryable };
}
