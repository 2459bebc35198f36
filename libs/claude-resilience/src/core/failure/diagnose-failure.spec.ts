import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DIAGNOSIS_TABLE, diagnoseFailure } from './diagnose-failure.js';
import type { FailureFacts, ResponseFacts } from './failure-facts.js';
import { FAILURE_KINDS, type Failure, type FailureKind } from './failure.js';

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
  ['400, a code nobody knows yet', http(400, { code: 'tool_name_conflict' }),                          'bad_request',           'invalid_request', 'permanent', 'neutral'],
  ['400 filtered',                 http(400, { says: 'Output blocked by content filtering policy' }),  'content_filter',        'content_policy',  'permanent', 'neutral'],
  ['filtered inside a stream',     inStream('invalid_request_error', { says: 'Output blocked by content filtering policy' }), 'content_filter', 'content_policy', 'permanent', 'neutral'],
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
  ['400 workspace spend limit',    http(400, { says: 'You have reached your specified workspace API usage limits.' }), 'own_spend_limit', 'billing', 'permanent', 'neutral'],
  ['400 no credit',                http(400, { says: 'Your credit balance is too low to access the Anthropic API.' }), 'credit_balance', 'billing', 'permanent', 'neutral'],
  ['409',                          http(409, { type: 'conflict_error' }),                              'other_4xx',             'invalid_request', 'permanent', 'neutral'],
  ['422',                          http(422),                                                          'other_4xx',             'invalid_request', 'permanent', 'neutral'],
];

// oxfmt-ignore
const SERVICE: Row[] = [
  ['429',                          http(429, { type: 'rate_limit_error' }),                            'rate_limit',            'rate_limited',    'retryable', 'neutral'],
  ['429 ramp',                     http(429, { code: 'ramp_limit_exceeded' }),                         'rate_limit',            'rate_limited',    'retryable', 'neutral'],
  ['429, month spent',             http(429, { code: 'enforced_spend_limit_reached' }),                'enforced_spend_limit',  'billing',         'permanent', 'neutral'],
  ['429, contract spent',          http(429, { code: 'contract_spend_limit_reached' }),                'contract_spend_limit',  'billing',         'permanent', 'neutral'],
  ['500',                          http(500, { type: 'api_error' }),                                   'other_5xx',             'server_error',    'retryable', 'failure'],
  ['502 as HTML',                  http(502, { says: '<html>Bad Gateway</html>' }),                    'other_5xx',             'server_error',    'retryable', 'failure'],
  ['503',                          http(503, { code: 'cmek_context_unavailable' }),                    'other_5xx',             'server_error',    'retryable', 'failure'],
  ['501',                          http(501),                                                          'not_implemented',       'server_error',    'permanent', 'failure'],
  ['529',                          http(529, { type: 'overloaded_error' }),                            'overloaded',            'overloaded',      'retryable', 'failure'],
  ['408',                          http(408),                                                          'request_timeout',       'timeout',         'retryable', 'failure'],
  ['504',                          http(504, { type: 'timeout_error' }),                               'gateway_timeout',       'timeout',         'retryable', 'failure'],
  ['400 body too slow',            http(400, { code: 'request_body_timeout' }),                        'body_came_too_slowly',  'timeout',         'retryable', 'failure'],
  ['time of the attempt over',     { from: 'timeout', limit: 'attempt' },                              'attempt_timeout',       'timeout',         'retryable', 'failure'],
  ['time of the call over',        { from: 'timeout', limit: 'deadline' },                             'deadline',              'timeout',         'permanent', 'failure'],
  ['499',                          http(499),                                                          'edge_closed',           'connection',      'retryable', 'failure'],
  ['no connection',                { from: 'connection', networkCode: 'ECONNREFUSED' },                'no_connection',         'connection',      'retryable', 'failure'],
  ['body broke',                   { from: 'body', problem: 'broken' },                                'broken_body',           'connection',      'retryable', 'failure'],
  ['body is not JSON',             { from: 'body', problem: 'not_json' },                              'body_is_not_json',      'server_error',    'retryable', 'failure'],
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

describe('special rows stand above general ones', () => {
  it.each([
    ['enforced_spend_limit', 'rate_limit'],
    ['contract_spend_limit', 'rate_limit_type'],
    ['own_spend_limit', 'bad_request'],
    ['content_filter', 'bad_request_type'],
    ['unauthenticated', 'other_4xx'],
    ['overloaded', 'other_5xx'],
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
    ['the status, not the type', http(500, { type: 'overloaded_error' }), 'other_5xx'],
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
  it.each(['attempt', 'deadline'] as const)('%s: a timeout that judges nobody', (limit) => {
    const failure = diagnoseFailure({ from: 'timeout', limit, isHurried: true }, WALL_MS);
    expect(failure).toMatchObject({ kind: 'timeout', verdict: 'neutral' });
  });
});

/** Words no rule, kind or id of ours could hold by chance. */
const SECRET = 'the prompt said 7f3a';
const anySays = fc.oneof(
  fc.constantFrom('prompt is too long', 'credit balance is too low', 'api key', ''),
  fc.string(),
);
const anyText = fc.oneof(fc.constantFrom('overloaded_error', 'api_error', 'enforced_spend_limit_reached'), fc.string());
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
  fc.record({ from: fc.constant('timeout' as const), limit: fc.constantFrom('attempt' as const, 'deadline' as const) }),
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
        expect(failure.retryAfterMs ?? 1).toBeGreaterThanOrEqual(facts.from === 'circuit' ? 0 : 1);
      }),
      RUNS,
    );
  });
});
