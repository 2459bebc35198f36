import { describe, expect, it } from '@jest/globals';
import type { FailureFacts } from '../../failure/failure-facts.js';
import { judgeSubmission } from './judge-submission.js';

const response = (status: number, over: Partial<Extract<FailureFacts, { from: 'response' }>> = {}): FailureFacts => ({
  from: 'response',
  status,
  ...over,
});

describe('judgeSubmission (R12)', () => {
  // oxfmt-ignore
  const rows: [string, FailureFacts, 'again' | 'find' | 'one_by_one', string][] = [
    ['overloaded',                response(529, { type: 'overloaded_error' }),              'again',      'overloaded'],
    ['rate limited',              response(429, { type: 'rate_limit_error' }),              'again',      'rate_limited'],
    ['a key that does not work',  response(401, { type: 'authentication_error' }),          'again',      'authentication'],
    ['no money',                  response(402, { type: 'billing_error' }),                 'again',      'billing'],
    ['monthly limit',             response(429, { code: 'enforced_spend_limit_reached' }),  'again',      'billing'],
    ['bad envelope',              response(400, { type: 'invalid_request_error' }),         'one_by_one', 'invalid_request'],
    ['too large',                 response(413),                                            'one_by_one', 'too_large'],
    ['not permitted here',        response(404, { type: 'not_found_error' }),               'one_by_one', 'not_found'],
    ['an internal error',         response(500, { type: 'api_error' }),                     'find',       'server_error'],
    ['a gateway',                 response(502),                                            'find',       'server_error'],
    ['a gateway that waited',     response(504),                                            'find',       'timeout'],
    ['a request that took long',  response(408),                                            'find',       'timeout'],
    ['a login page',              { from: 'body', problem: 'not_json' },                    'find',       'server_error'],
    ['half an answer',            { from: 'body', problem: 'broken' },                      'find',       'connection'],
    ['reset',                     { from: 'connection', networkCode: 'ECONNRESET' },        'find',       'connection'],
    ['reset, by undici',          { from: 'connection', networkCode: 'UND_ERR_SOCKET' },    'find',       'connection'],
    ['who knows what',            { from: 'connection' },                                   'find',       'connection'],
    ['nobody there',              { from: 'connection', networkCode: 'ECONNREFUSED' },      'again',      'connection'],
    ['no such name',              { from: 'connection', networkCode: 'ENOTFOUND' },         'again',      'connection'],
    ['silence',                   { from: 'timeout', limit: 'attempt' },                    'find',       'timeout'],
    ['our own shutdown',          { from: 'abort' },                                        'find',       'cancelled'],
    ['no key configured',         { from: 'code' },                                         'one_by_one', 'internal'],
  ];
  it.each(rows)('%s', (_name, facts, next, kind) => {
    const verdict = judgeSubmission(facts, 0);
    expect([verdict.next, verdict.failure.kind]).toEqual([next, kind]);
  });
});
