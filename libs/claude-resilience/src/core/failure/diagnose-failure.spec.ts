import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RETRY_DEFAULTS, STRATEGY_OF } from '../retry/retry.options.js';
import { diagnoseFailure } from './diagnose-failure.js';
import { DIAGNOSIS_TABLE } from './diagnosis-table.js';
import { AWAITED_LIMITS, type FailureFacts, type ResponseFacts } from './failure-facts.js';
import { FAILURE_KINDS, FAILURE_SCOPES, FAILURE_SEVERITIES, type Failure, type FailureKind } from './failure.js';

const WALL_MS = Date.UTC(2026, 10, 22);
const RUNS = { numRuns: 10_000, seed: 20261122 };

type Lot = 'retryable' | 'permanent';
type Row = [seen: string, facts: FailureFacts, rule: string, kind: FailureKind, lot: Lot, verdict: Failure['verdict']];

const http = (status: number, more: Omit<ResponseFacts, 'from' | 'status'> = {}): ResponseFacts => ({
  from: 'response',
  status,
  ...more,
});
/** An error event inside a stream that began with 200. */
const inStream = (type: string, more: Omit<ResponseFacts, 'from' | 'status' | 'type'> = {}): ResponseFacts => ({
  from: 'response',
  type,
  ...more,
});

// oxfmt-ignore
const REQUESTS: Row[] = [
  ['400',                          http(400, { type: 'invalid_request_error' }),                       'bad_request',           'invalid_request', 'permanent', 'neutral'],
  ['400, a code nobody knows yet', http(400, { code: 'quantum_tool' }),                                'bad_request',           'invalid_request', 'permanent', 'neutral'],
  ['400 filtered',                 http(400, { says: 'Output blocked by content filtering policy' }),  'content_filter',        'content_policy',  'permanent', 'neutral'],
  ['filtered inside a stream',     inStream('invalid_request_error', { says: 'Output blocked by content filtering policy' }), 'content_filter', 'content_policy', 'permanent', 'neutral'],
  ['screened',                     { from: 'screener', verdict: 'rejected' },                          'screened',              'content_policy',  'permanent', 'neutral'],
  ['screener_failed',              { from: 'screener', verdict: 'none' },                              'screener_failed',       'internal',        'permanent', 'neutral'],
  ['paced past the deadline',      { from: 'pacing', reason: 'deadline' },                             'paced_past_deadline',   'rate_limited',    'permanent', 'neutral'],
  ['budget spent',                 { from: 'budget', retryAfterMs: 5 },                                'budget_spent',          'billing',         'permanent', 'neutral'],
  ['waiting room full',            { from: 'pacing', reason: 'room_full' },                            'waiting_room_full',     'rate_limited',    'permanent', 'neutral'],
  ['over 32 MB',                   { from: 'oversize' },                                               'request_over_limit',    'too_large',       'permanent', 'neutral'],
  ['refusal',                      { from: 'refusal' },                                                'refusal',               'content_policy',  'permanent', 'neutral'],
  ['401',                          http(401, { type: 'authentication_error' }),                        'unauthenticated',       'authentication',  'permanent', 'neutral'],
  ['no key at all',                { from: 'code', says: 'Could not resolve authentication method. Expected either apiKey or authToken to be set' }, 'no_credentials', 'authentication', 'permanent', 'neutral'],
  ['403',                          http(403, { type: 'permission_error' }),                            'forbidden',             'permission',      'permanent', 'neutral'],
  ['400 on hold',                  http(400, { code: 'organization_on_hold' }),                        'account_on_hold',       'permission',      'permanent', 'neutral'],
  ['400 key disabled',             http(400, { code: 'cmek_key_disabled' }),                           'encryption_key_off',    'permission',      'permanent', 'neutral'],
  ['400 key out of reach',         http(400, { code: 'cmek_key_network_blocked' }),                    'encryption_key_off',    'permission',      'permanent', 'neutral'],
  ['404',                          http(404, { type: 'not_found_error' }),                             'unknown_model_or_path', 'not_found',       'permanent', 'neutral'],
  ['413',                          http(413),                                                          'payload_too_large',     'too_large',       'permanent', 'neutral'],
  ['413 as HTML',                  http(413, { says: '<html><center>413</center></html>' }),           'payload_too_large',     'too_large',       'permanent', 'neutral'],
  ['400 prompt too long',          http(400, { says: 'prompt is too long: 215001 tokens > 200000 maximum' }), 'prompt_too_long', 'too_large',       'permanent', 'neutral'],
  ['400 over the context window',  http(400, { says: 'input length and max_tokens exceed context limit: 190000 + 21333 > 200000' }), 'prompt_too_long', 'too_large', 'permanent', 'neutral'],
  ['402',                          http(402, { type: 'billing_error' }),                               'payment_required',      'billing',         'permanent', 'neutral'],
  ['400 own spend limit',          http(400, { says: 'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.' }), 'own_spend_limit', 'billing', 'permanent', 'neutral'],
  ['400 workspace spend limit',    http(400, { says: 'You have reached your specified workspace API usage limits.' }), 'workspace_spend_limit', 'billing', 'permanent', 'neutral'],
  ['400 no credit',                http(400, { says: 'Your credit balance is too low to access the Anthropic API.' }), 'credit_balance', 'billing', 'permanent', 'neutral'],
  ['409',                          http(409, { type: 'conflict_error' }),                              'conflict',             'invalid_request', 'permanent', 'neutral'],
  ['422',                          http(422),                                                          'unprocessable',             'invalid_request', 'permanent', 'neutral'],
  ['400 image_dimensions_too_large', http(400, { code: 'image_dimensions_too_large' }), 'image_too_large', 'invalid_request', 'permanent', 'neutral'],
  ['400 available_tools_limit_exceeded', http(400, { code: 'available_tools_limit_exceeded' }), 'bad_tools', 'invalid_request', 'permanent', 'neutral'],
  ['400 tool_name_conflict', http(400, { code: 'tool_name_conflict' }), 'bad_tools', 'invalid_request', 'permanent', 'neutral'],
  ['400 tool_reference_unresolved', http(400, { code: 'tool_reference_unresolved' }), 'bad_tools', 'invalid_request', 'permanent', 'neutral'],
  ['400 request_body_encoding_invalid', http(400, { code: 'request_body_encoding_invalid' }), 'bad_encoding', 'invalid_request', 'permanent', 'neutral'],
  ['400 request_body_encoding_unsupported', http(400, { code: 'request_body_encoding_unsupported' }), 'bad_encoding', 'invalid_request', 'permanent', 'neutral'],
  ['400 unsupported_charset', http(400, { code: 'unsupported_charset' }), 'bad_encoding', 'invalid_request', 'permanent', 'neutral'],
  ['400 compaction_block_ambiguous', http(400, { code: 'compaction_block_ambiguous' }), 'compaction_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 compaction_block_misplaced', http(400, { code: 'compaction_block_misplaced' }), 'compaction_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 compaction_content_mismatch', http(400, { code: 'compaction_content_mismatch' }), 'compaction_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 compaction_incomplete_turn', http(400, { code: 'compaction_incomplete_turn' }), 'compaction_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 compaction_nothing_to_summarize', http(400, { code: 'compaction_nothing_to_summarize' }), 'compaction_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 compaction_signature_invalid', http(400, { code: 'compaction_signature_invalid' }), 'compaction_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 compaction_too_many_tool_references', http(400, { code: 'compaction_too_many_tool_references' }), 'compaction_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 compaction_tool_changes_mismatch', http(400, { code: 'compaction_tool_changes_mismatch' }), 'compaction_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 thread_continue_in_flight', http(400, { code: 'thread_continue_in_flight' }), 'thread_in_flight', 'invalid_request', 'permanent', 'neutral'],
  ['400 thread_already_continued', http(400, { code: 'thread_already_continued' }), 'thread_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 thread_fingerprint_mismatch', http(400, { code: 'thread_fingerprint_mismatch' }), 'thread_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 thread_unsupported_request', http(400, { code: 'thread_unsupported_request' }), 'thread_misused', 'invalid_request', 'permanent', 'neutral'],
  ['400 claude_code_key_creator_not_member', http(400, { code: 'claude_code_key_creator_not_member' }), 'claude_code_key', 'permission', 'permanent', 'neutral'],
  ['400 claude_code_version_too_old', http(400, { code: 'claude_code_version_too_old' }), 'claude_code_key', 'permission', 'permanent', 'neutral'],
  ['400 user_profile_required', http(400, { code: 'user_profile_required' }), 'account_set_up', 'permission', 'permanent', 'neutral'],
  ['400 user_profile_not_found', http(400, { code: 'user_profile_not_found' }), 'account_set_up', 'permission', 'permanent', 'neutral'],
  ['400 organization_not_enrolled_in_beta', http(400, { code: 'organization_not_enrolled_in_beta' }), 'account_set_up', 'permission', 'permanent', 'neutral'],
  ['400 cmek_feature_unsupported', http(400, { code: 'cmek_feature_unsupported' }), 'encryption_unsupported', 'permission', 'permanent', 'neutral'],
  ['402 of a customer', http(402, { code: 'linked_organization_spend_limit_reached' }), 'linked_billing', 'billing', 'permanent', 'neutral'],
  ['402 of a customer, no billing', http(402, { code: 'linked_organization_billing_unavailable' }), 'linked_billing', 'billing', 'permanent', 'neutral'],
  ['403 user_profile_billing_not_authorized', http(403, { code: 'user_profile_billing_not_authorized' }), 'profile_billing', 'permission', 'permanent', 'neutral'],
  ['403 user_profile_not_billable', http(403, { code: 'user_profile_not_billable' }), 'profile_billing', 'permission', 'permanent', 'neutral'],
  ['403 api_key_scope_missing', http(403, { code: 'api_key_scope_missing' }), 'key_scope', 'permission', 'permanent', 'neutral'],
  ['403 organization_level_scoped_api_key_required', http(403, { code: 'organization_level_scoped_api_key_required' }), 'key_scope', 'permission', 'permanent', 'neutral'],
  ['403 sandbox_egress_restricted', http(403, { code: 'sandbox_egress_restricted' }), 'sandbox_egress', 'permission', 'permanent', 'neutral'],
  ['403 as HTML', http(403, { says: '403 <html><h1>Blocked</h1></html>' }), 'blocked_by_edge', 'permission', 'permanent', 'neutral'],
  ['404 of a thread', http(404, { code: 'thread_not_found' }), 'thread_not_found', 'not_found', 'permanent', 'neutral'],
  ['409 of a skill', http(409, { code: 'skill_read_blocked_undecryptable' }), 'skill_undecryptable', 'invalid_request', 'permanent', 'neutral'],
  ['412', http(412), 'unprocessable', 'invalid_request', 'permanent', 'neutral'],
  ['413 after decoding', http(413, { code: 'request_body_too_large_after_decoding' }), 'decoded_too_large', 'too_large', 'permanent', 'neutral'],
];

// oxfmt-ignore
const SERVICE: Row[] = [
  ['429',                          http(429, { type: 'rate_limit_error' }),                            'rate_limit',            'rate_limited',    'retryable', 'neutral'],
  ['429 ramp',                     http(429, { code: 'ramp_limit_exceeded' }),                         'ramp_limit',            'rate_limited',    'retryable', 'neutral'],
  ['429, month spent',             http(429, { code: 'enforced_spend_limit_reached' }),                'enforced_spend_limit',  'billing',         'permanent', 'neutral'],
  ['429, contract spent',          http(429, { code: 'contract_spend_limit_reached' }),                'contract_spend_limit',  'billing',         'permanent', 'neutral'],
  ['500',                          http(500, { type: 'api_error' }),                                   'server_error',             'server_error',    'retryable', 'failure'],
  ['502 as HTML',                  http(502, { says: '<html>Bad Gateway</html>' }),                    'unavailable',             'server_error',    'retryable', 'failure'],
  ['503',                          http(503, { code: 'cmek_context_unavailable' }),                    'encryption_unavailable',             'server_error',    'retryable', 'failure'],
  ['501',                          http(501),                                                          'not_implemented',       'server_error',    'permanent', 'failure'],
  ['529',                          http(529, { type: 'overloaded_error' }),                            'overloaded',            'overloaded',      'retryable', 'failure'],
  ['408',                          http(408),                                                          'request_timeout',       'timeout',         'retryable', 'failure'],
  ['504',                          http(504, { type: 'timeout_error' }),                               'gateway_timeout',       'timeout',         'retryable', 'failure'],
  ['400 body too slow',            http(400, { code: 'request_body_timeout' }),                        'body_came_too_slowly',  'timeout',         'retryable', 'failure'],
  ['headers never came',           { from: 'timeout', limit: 'headers' },                              'headers_timeout',       'timeout',         'retryable', 'failure'],
  ['the body stalled',             { from: 'timeout', limit: 'body' },                                 'body_stalled',          'timeout',         'retryable', 'failure'],
  ['no first event',               { from: 'timeout', limit: 'first_event' },                          'stream_never_began',    'timeout',         'retryable', 'failure'],
  ['a stream fell silent',         { from: 'timeout', limit: 'silence' },                              'stream_silent',         'timeout',         'retryable', 'failure'],
  ['time of the attempt over',     { from: 'timeout', limit: 'attempt' },                              'attempt_timeout',       'timeout',         'retryable', 'failure'],
  ['time of the call over',        { from: 'timeout', limit: 'deadline' },                             'deadline',              'timeout',         'permanent', 'failure'],
  ['499',                          http(499),                                                          'edge_closed',           'connection',      'retryable', 'failure'],
  ['no connection',                { from: 'connection', networkCode: 'ECONNREFUSED' },                'no_connection',         'connection',      'retryable', 'failure'],
  ['body broke',                   { from: 'body', problem: 'broken' },                                'broken_body',           'connection',      'retryable', 'failure'],
  ['body is not JSON',             { from: 'body', problem: 'not_json' },                              'body_is_not_json',      'server_error',    'retryable', 'failure'],
  ['429 ramp, in words', http(429, { says: 'This request would exceed the maximum usage increase rate for input tokens per minute (acceleration limit).' }), 'ramp_limit_words', 'rate_limited', 'retryable', 'neutral'],
  ['429 concurrency', http(429, { says: 'Number of concurrent connections has exceeded your rate limit' }), 'concurrency_limit', 'rate_limited', 'retryable', 'neutral'],
  ['429 fast mode', http(429, { says: 'Rate limit of fast mode reached' }), 'fast_pool_limit', 'rate_limited', 'retryable', 'neutral'],
  ['503, plain', http(503, { type: 'api_error' }), 'unavailable', 'server_error', 'retryable', 'failure'],
  ['503, key unreachable', http(503, { code: 'cmek_key_unreachable' }), 'encryption_unavailable', 'server_error', 'retryable', 'failure'],
  ['522 of the edge', http(522, { says: '522 <!DOCTYPE html>' }), 'edge_error', 'server_error', 'retryable', 'failure'],
  ['529 of compaction', http(529, { code: 'compaction_unavailable' }), 'compaction_unavailable', 'overloaded', 'retryable', 'failure'],
  ['name of the host not found', { from: 'connection', networkCode: 'ENOTFOUND' }, 'name_not_found', 'connection', 'retryable', 'failure'],
  ['DNS is busy', { from: 'connection', networkCode: 'EAI_AGAIN' }, 'name_not_found', 'connection', 'retryable', 'failure'],
  ['certificate expired', { from: 'connection', networkCode: 'CERT_HAS_EXPIRED' }, 'certificate', 'connection', 'permanent', 'failure'],
  ['certificate of a proxy', { from: 'connection', networkCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'certificate', 'connection', 'permanent', 'failure'],
  ['no connection, no code', { from: 'connection' }, 'no_connection', 'connection', 'retryable', 'failure'],
];

// oxfmt-ignore
const STREAMS: Row[] = [
  ['overloaded_error',             inStream('overloaded_error'),                                       'overloaded_type',       'overloaded',      'retryable', 'failure'],
  ['overloaded_error, status 200', http(200, { type: 'overloaded_error' }),                            'overloaded_type',       'overloaded',      'retryable', 'failure'],
  ['timeout_error',                inStream('timeout_error'),                                          'timeout_type',          'timeout',         'retryable', 'failure'],
  ['rate_limit_error',             inStream('rate_limit_error'),                                       'rate_limit_type',       'rate_limited',    'retryable', 'neutral'],
  ['rate_limit_error, spent',      inStream('rate_limit_error', { code: 'enforced_spend_limit_reached' }), 'enforced_spend_limit', 'billing',       'permanent', 'neutral'],
  ['api_error',                    inStream('api_error'),                                              'api_error_type',        'server_error',    'retryable', 'failure'],
  ['invalid_request_error',        inStream('invalid_request_error'),                                  'bad_request_type',      'invalid_request', 'permanent', 'neutral'],
  ['authentication_error',         inStream('authentication_error'),                                   'authentication_type',   'authentication',  'permanent', 'neutral'],
  ['permission_error',             inStream('permission_error'),                                       'permission_type',       'permission',      'permanent', 'neutral'],
  ['billing_error',                inStream('billing_error'),                                          'billing_type',          'billing',         'permanent', 'neutral'],
  ['not_found_error',              inStream('not_found_error'),                                        'not_found_type',        'not_found',       'permanent', 'neutral'],
  ['request_too_large',            inStream('request_too_large'),                                      'too_large_type',        'too_large',       'permanent', 'neutral'],
  ['conflict_error', inStream('conflict_error'), 'conflict_type', 'invalid_request', 'permanent', 'neutral'],
  ['memory_precondition_failed_error', inStream('memory_precondition_failed_error'), 'conflict_type', 'invalid_request', 'permanent', 'neutral'],
  ['memory_path_conflict_error', inStream('memory_path_conflict_error'), 'conflict_type', 'invalid_request', 'permanent', 'neutral'],
  ['compaction_unavailable', inStream('overloaded_error', { code: 'compaction_unavailable' }), 'compaction_unavailable', 'overloaded', 'retryable', 'failure'],
  ['ramp limit', inStream('rate_limit_error', { code: 'ramp_limit_exceeded' }), 'ramp_limit', 'rate_limited', 'retryable', 'neutral'],
];

// oxfmt-ignore
const OURS: Row[] = [
  ['caller aborted',               { from: 'abort' },                                                  'caller_aborted',        'cancelled',       'permanent', 'neutral'],
  ['own circuit',                  { from: 'circuit', retryAfterMs: 4000 },                            'circuit_open',          'circuit_open',    'permanent', 'neutral'],
  ['a bug of the application',     { from: 'code', says: 'x is not a function' },                      'application',           'internal',        'permanent', 'neutral'],
  ['an error without words',       { from: 'code' },                                                   'application',           'internal',        'permanent', 'neutral'],
];

// oxfmt-ignore
const FUTURE: Row[] = [
  ['a type of next year',          inStream('quantum_error'),                                          'unknown_answer',        'server_error',    'permanent', 'failure'],
  ['nothing but an answer',        { from: 'response' },                                               'unknown_answer',        'server_error',    'permanent', 'failure'],
  ['a status that is no error',    http(302),                                                          'unknown_answer',        'server_error',    'permanent', 'failure'],
  ['a status out of range',        http(600),                                                          'unknown_answer',        'server_error',    'permanent', 'failure'],
  ['429 of a new type',            http(429, { type: 'quantum_error', code: 'quantum_limit' }),        'rate_limit',            'rate_limited',    'retryable', 'neutral'],
  ['a new 4xx',                    http(460, { type: 'quantum_error' }),                               'other_4xx',             'invalid_request', 'permanent', 'neutral'],
  ['a new 5xx',                    http(599, { type: 'quantum_error' }),                               'other_5xx',             'server_error',    'retryable', 'failure'],
];

const ROWS = [...REQUESTS, ...SERVICE, ...STREAMS, ...OURS, ...FUTURE];

describe.each([
  ['what the caller or an operator must mend (R2-R5)', REQUESTS],
  ['what the service, the network or a limit caused (R6)', SERVICE],
  ['an error event inside a stream that began with 200 (R7)', STREAMS],
  ['what never was on the wire (R7)', OURS],
  ['what the API has not invented yet (R7)', FUTURE],
])('%s', (_title, rows) => {
  it.each(rows)('%s', (_seen, facts, rule, kind, lot, verdict) => {
    expect(diagnoseFailure(facts, WALL_MS)).toMatchObject({ rule, kind, retryable: lot === 'retryable', verdict });
  });
});

describe('the table (R1)', () => {
  it('has a row in this spec for every rule, and every rule has a name of its own', () => {
    const rules = DIAGNOSIS_TABLE.map(({ rule }) => rule);
    expect(new Set(rules).size).toBe(rules.length);
    expect([...new Set(ROWS.map(([, , rule]) => rule))].sort()).toEqual([...rules].sort());
  });

  it('knows every kind of failure', () => {
    expect([...new Set(ROWS.map(([, , , kind]) => kind))].sort()).toEqual([...FAILURE_KINDS].sort());
  });
});

describe('what follows from a kind, and what a row says for itself', () => {
  it.each([...DIAGNOSIS_TABLE])('$rule: every column is filled, and they agree with each other', (row) => {
    expect(FAILURE_SCOPES).toContain(row.scope);
    expect(FAILURE_SEVERITIES).toContain(row.severity);
    expect(row.retry).toBe(row.retryable ? STRATEGY_OF[row.kind] : 'none');
    if (row.retry !== 'none') expect(RETRY_DEFAULTS[row.retry].maxRetries).toBeGreaterThan(0);
    // Somebody who is woken up must be told what to do.
    if (row.severity === 'warning' || row.severity === 'critical') expect(row.action).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    [
      'a kind gives the rest',
      http(529),
      { scope: 'service', severity: 'info', action: expect.stringContaining('Batch') },
    ],
    ['a key is of no use', http(401), { scope: 'credential', severity: 'critical' }],
    ['a model', http(404), { scope: 'model_class', severity: 'warning' }],
    ['a row knows better', http(404, { code: 'thread_not_found' }), { scope: 'request', severity: 'info' }],
    ['one account', http(400, { code: 'organization_on_hold' }), { scope: 'organisation', severity: 'critical' }],
    ['minutes, not seconds', http(503, { code: 'cmek_key_unreachable' }), { retryAfterMs: 60_000 }],
    [
      'what the API says goes first',
      http(503, { code: 'cmek_key_unreachable', retryAfter: '9' }),
      { retryAfterMs: 9000 },
    ],
    ['a caller who left', { from: 'abort' } as const, { scope: 'request', severity: 'none' }],
  ])('%s', (_title, facts, traits) => {
    expect(diagnoseFailure(facts, WALL_MS)).toMatchObject(traits);
  });

  it('no money is no money everywhere: neither another model nor a queue helps', () => {
    const rows = DIAGNOSIS_TABLE.filter(({ kind }) => kind === 'billing' || kind === 'authentication');
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => row.mayFallBackToModel !== 'no' || row.mayQueue || row.retryable)).toEqual([]);
  });

  it('what stops an organisation is not asked of another model', () => {
    const rows = DIAGNOSIS_TABLE.filter(({ scope }) => scope === 'organisation');
    expect(rows.filter((row) => row.mayFallBackToModel !== 'no')).toEqual([]);
  });
});

describe('what stops an account (R4)', () => {
  it('is what every call with the same credential meets, and nothing else', () => {
    const rules = DIAGNOSIS_TABLE.filter(({ stopsAccount }) => stopsAccount).map(({ rule }) => rule);
    expect(rules.sort()).toEqual([
      'account_on_hold',
      'authentication_type',
      'billing_type',
      'claude_code_key',
      'contract_spend_limit',
      'credit_balance',
      'encryption_key_off',
      'enforced_spend_limit',
      'own_spend_limit',
      'payment_required',
      'unauthenticated',
      'workspace_spend_limit',
    ]);
  });

  it.each(ROWS)('%s: the failure says what its row says', (_seen, facts, rule) => {
    const row = DIAGNOSIS_TABLE.find((candidate) => candidate.rule === rule);
    expect(diagnoseFailure(facts, WALL_MS).stopsAccount).toBe(row?.stopsAccount === true ? true : undefined);
  });
});

describe('the end of a spend limit', () => {
  const returns = ' You will regain access on 2026-12-05 at 00:00 UTC.';
  it.each([
    [
      'own limit',
      http(400, { says: `You have reached your specified API usage limits.${returns}` }),
      Date.UTC(2026, 11, 5),
    ],
    [
      'of a workspace',
      http(400, { says: `You have reached your specified workspace API usage limits.${returns}` }),
      Date.UTC(2026, 11, 5),
    ],
    ['monthly cap', http(429, { code: 'enforced_spend_limit_reached', says: returns }), Date.UTC(2026, 11, 5)],
    ['monthly cap, no date', http(429, { code: 'enforced_spend_limit_reached' }), Date.UTC(2026, 11, 1)],
  ])('%s', (_title, facts, atMs) => {
    expect(diagnoseFailure(facts, WALL_MS)).toMatchObject({ kind: 'billing', accessReturnsAtMs: atMs });
  });

  it.each([
    ['own limit, no date', http(400, { says: 'You have reached your specified API usage limits.' })],
    ['contract', http(429, { code: 'contract_spend_limit_reached' })],
    ['another 400 that says so', http(400, { says: returns })],
  ])('%s: nobody knows', (_title, facts) => {
    expect(diagnoseFailure(facts, WALL_MS)).not.toHaveProperty('accessReturnsAtMs');
  });
});

describe('what nobody knows yet can be counted (R7)', () => {
  it.each(FUTURE)('%s', (_seen, facts) => {
    expect(diagnoseFailure(facts, WALL_MS)).toHaveProperty('isUnknown', true);
  });

  it.each([...REQUESTS, ...SERVICE, ...STREAMS, ...OURS].filter(([seen]) => !seen.includes('nobody knows')))(
    'not %s',
    (_seen, facts) => {
      expect(diagnoseFailure(facts, WALL_MS)).not.toHaveProperty('isUnknown');
    },
  );

  it.each([
    [
      'a new code is as the bare type',
      http(400, { type: 'invalid_request_error', code: 'quantum' }),
      'bad_request',
      true,
    ],
    ['a new type is as the status', http(400, { type: 'quantum_error' }), 'bad_request', true],
    ['a status without a row, of a known type', http(415, { type: 'invalid_request_error' }), 'other_4xx', false],
    ['a status without a row or a type', http(507), 'other_5xx', true],
  ])('%s', (_title, facts, rule, isUnknown) => {
    const failure = diagnoseFailure(facts, WALL_MS);
    expect([failure.rule, failure.isUnknown === true]).toEqual([rule, isUnknown]);
  });
});

describe('special rows stand above general ones', () => {
  it.each([
    ['enforced_spend_limit', 'rate_limit'],
    ['contract_spend_limit', 'rate_limit_type'],
    ['own_spend_limit', 'bad_request'],
    ['content_filter', 'bad_request_type'],
    ['unauthenticated', 'other_4xx'],
    ['overloaded', 'other_5xx'],
    ['server_error', 'other_5xx'],
    ['encryption_unavailable', 'unavailable'],
    ['body_came_too_slowly', 'bad_request'],
    ['request_timeout', 'other_4xx'],
    ['blocked_by_edge', 'forbidden'],
    ['ramp_limit', 'rate_limit'],
    ['not_implemented', 'other_5xx'],
    ['other_5xx', 'overloaded_type'],
    ['api_error_type', 'unknown_answer'],
    ['no_credentials', 'application'],
  ])('%s above %s', (special, general) => {
    const rules = DIAGNOSIS_TABLE.map(({ rule }) => rule);
    expect(rules).toContain(special);
    expect(rules.indexOf(special)).toBeLessThan(rules.indexOf(general));
  });

  it.each([
    [
      'a spend limit of one account in the words of a 429',
      http(429, { says: 'credit balance is too low' }),
      'rate_limit',
    ],
    ['filter words in a 429', http(429, { says: 'blocked by content filtering policy' }), 'rate_limit'],
    [
      'spend-limit words not at the start',
      http(400, { says: 'Error: you have reached your specified API usage limits' }),
      'bad_request',
    ],
    ['a code of another status', http(403, { code: 'organization_on_hold' }), 'forbidden'],
    ['the status, not the type', http(500, { type: 'overloaded_error' }), 'server_error'],
  ])('%s', (_title, facts, rule) => {
    expect(diagnoseFailure(facts, WALL_MS).rule).toBe(rule);
  });
});

describe('the API may ask not to repeat (R6)', () => {
  it.each([
    [false, false],
    [true, true],
    [undefined, true],
  ])('mayRetry %s makes a 529 retryable: %s', (mayRetry, retryable) => {
    const facts = http(529, mayRetry === undefined ? {} : { mayRetry });
    expect(diagnoseFailure(facts, WALL_MS)).toMatchObject({ kind: 'overloaded', verdict: 'failure', retryable });
  });

  it('never makes a permanent failure retryable', () => {
    expect(diagnoseFailure(http(401, { mayRetry: true }), WALL_MS).retryable).toBe(false);
  });
});

describe('hints (R8)', () => {
  it.each([
    ['seconds', http(429, { retryAfter: '7' }), { retryAfterMs: 7000 }],
    ['milliseconds first', http(429, { retryAfter: '7', retryAfterMs: '250' }), { retryAfterMs: 250 }],
    ['a date', http(529, { retryAfter: 'Sun, 22 Nov 2026 00:00:30 GMT' }), { retryAfterMs: 30_000 }],
    ['status and id of the request', http(500, { requestId: 'req_1' }), { status: 500, requestId: 'req_1' }],
    ['the circuit', { from: 'circuit', retryAfterMs: 4321 } as const, { retryAfterMs: 4321 }],
  ])('%s', (_title, facts, hints) => {
    expect(diagnoseFailure(facts, WALL_MS)).toMatchObject(hints);
  });

  it.each([
    ['nobody said when', http(429)],
    ['what was said is unreadable', http(429, { retryAfter: 'soon' })],
  ])('no retryAfterMs at all when %s', (_title, facts) => {
    expect(diagnoseFailure(facts, WALL_MS)).not.toHaveProperty('retryAfterMs');
  });
});

describe('a call inside this one (R14)', () => {
  it('keeps its failure, which was retried and counted there already', () => {
    const failure: Failure = {
      kind: 'overloaded',
      retryable: true,
      verdict: 'failure',
      rule: 'overloaded',
      scope: 'service',
      severity: 'info',
      status: 529,
    };
    expect(diagnoseFailure({ from: 'inner_call', failure }, WALL_MS)).toEqual({
      ...failure,
      retryable: false,
      verdict: 'neutral',
      isInner: true,
    });
  });
});

describe('a limit that left no time', () => {
  it.each([...AWAITED_LIMITS, 'attempt', 'deadline'] as const)('%s: a timeout that judges nobody', (limit) => {
    const failure = diagnoseFailure({ from: 'timeout', limit, isHurried: true }, WALL_MS);
    expect(failure).toMatchObject({ kind: 'timeout', verdict: 'neutral' });
  });
});

/** Words no rule, kind or id of ours could hold by chance. */
const SECRET = 'the prompt said 7f3a';
const anySays = fc.oneof(
  fc.constantFrom(
    ...DIAGNOSIS_TABLE.flatMap(({ words }) => words ?? []),
    'regain access on 2026-12-01 at 00:00 UTC',
    '',
  ),
  fc.string(),
);
const anyText = fc.oneof(
  fc.constantFrom(...DIAGNOSIS_TABLE.flatMap(({ when }) => [when.type ?? [], when.code ?? []].flat())),
  fc.string(),
);
const anyFacts: fc.Arbitrary<FailureFacts> = fc.oneof(
  fc
    .record(
      {
        from: fc.constant('response' as const),
        status: fc.oneof(fc.integer({ min: 100, max: 700 }), fc.double()),
        type: anyText,
        code: anyText,
        says: anySays.map((says) => says + SECRET),
        retryAfterMs: fc.string(),
        retryAfter: fc.string(),
        mayRetry: fc.boolean(),
        requestId: fc.string(),
      },
      { requiredKeys: ['from'] },
    )
    .map((facts): FailureFacts => facts),
  fc.record({ from: fc.constant('body' as const), problem: fc.constantFrom('broken' as const, 'not_json' as const) }),
  fc.record({
    from: fc.constant('timeout' as const),
    limit: fc.constantFrom(...AWAITED_LIMITS, 'attempt' as const, 'deadline' as const),
  }),
  fc.record({ from: fc.constant('connection' as const), networkCode: fc.string() }),
  fc.record({ from: fc.constant('circuit' as const), retryAfterMs: fc.nat() }),
  fc.record({ from: fc.constant('code' as const), says: anySays.map((says) => says + SECRET) }),
  fc.constantFrom<FailureFacts>({ from: 'refusal' }, { from: 'abort' }, { from: 'code' }),
);

describe('any facts (R7)', () => {
  it('give exactly one failure, never a throw, and never what the API said', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const failure = diagnoseFailure(facts, WALL_MS);
        expect(FAILURE_KINDS).toContain(failure.kind);
        expect(DIAGNOSIS_TABLE.map(({ rule }) => rule)).toContain(failure.rule);
        expect(Object.keys(failure)).not.toContain('says');
        expect(JSON.stringify(failure)).not.toContain(SECRET);
        expect(failure.accessReturnsAtMs ?? Infinity).toBeGreaterThan(WALL_MS);
        expect(failure.retryAfterMs ?? 1).toBeGreaterThanOrEqual(facts.from === 'circuit' ? 0 : 1);
      }),
      RUNS,
    );
  });
});
