import { describe, expect, it } from '@jest/globals';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { FailureFacts, ResponseFacts } from '../failure/failure-facts.js';
import { weighEvidence, type AccountEvidence } from './account-evidence.js';

const diagnose = (facts: FailureFacts) => diagnoseFailure(facts, 0);
const http = (status: number, more: Omit<ResponseFacts, 'from' | 'status'> = {}): ResponseFacts => ({
  from: 'response',
  status,
  requestId: 'req_1',
  ...more,
});
const inStream = (type: string): ResponseFacts => ({ from: 'response', type, requestId: 'req_1' });
const unsigned = (status: number): ResponseFacts => ({ from: 'response', status });

describe('weighEvidence (R4)', () => {
  it('an answer proves that the account works', () => {
    expect(weighEvidence(undefined)).toEqual({ says: 'works' });
  });

  // oxfmt-ignore
  it.each<[what: string, facts: FailureFacts, says: AccountEvidence['says']]>([
    ['401',                           http(401),                                          'refused'],
    ['401 without an id',             unsigned(401),                                      'refused'],
    ['402',                           http(402),                                          'refused'],
    ['429, month spent',              http(429, { code: 'enforced_spend_limit_reached' }), 'refused'],
    ['429, contract spent',           http(429, { code: 'contract_spend_limit_reached' }), 'refused'],
    ['400, no credit',                http(400, { says: 'Your credit balance is too low' }), 'refused'],
    ['400, on hold',                  http(400, { code: 'organization_on_hold' }),        'refused'],
    ['401 inside a stream',           inStream('authentication_error'),                   'refused'],
    ['400',                           http(400),                                          'nothing'],
    ['400, filtered',                 http(400, { says: 'Output blocked by content filtering policy' }), 'works'],
    ['404',                           http(404),                                          'nothing'],
    ['409',                           http(409),                                          'nothing'],
    ['413',                           http(413),                                          'nothing'],
    ['429',                           http(429),                                          'works'],
    ['a rate limit inside a stream',  inStream('rate_limit_error'),                       'works'],
    ['a refusal',                     { from: 'refusal' },                                'works'],
    ['400 of a proxy',                unsigned(400),                                      'nothing'],
    ['413 of an edge',                unsigned(413),                                      'nothing'],
    ['429 of an edge',                unsigned(429),                                      'nothing'],
    ['402 of a customer',             http(402, { code: 'linked_organization_spend_limit_reached' }), 'nothing'],
    ['403',                           http(403),                                          'nothing'],
    ['403 of a firewall',             http(403, { says: '<html>' }),                      'nothing'],
    ['408',                           http(408),                                          'nothing'],
    ['500',                           http(500),                                          'nothing'],
    ['503',                           http(503),                                          'nothing'],
    ['529',                           http(529),                                          'nothing'],
    ['no connection',                 { from: 'connection' },                             'nothing'],
    ['a broken body',                 { from: 'body', problem: 'broken' },                'nothing'],
    ['a page instead of JSON',        { from: 'body', problem: 'not_json' },              'nothing'],
    ['a timeout',                     { from: 'timeout', limit: 'attempt' },              'nothing'],
    ['the deadline',                  { from: 'timeout', limit: 'deadline' },             'nothing'],
    ['the caller gave up',            { from: 'abort' },                                  'nothing'],
    ['an open circuit',               { from: 'circuit', retryAfterMs: 1 },               'nothing'],
    ['no key here: nothing was sent', { from: 'code', says: 'Could not resolve authentication method' }, 'nothing'],
    ['a bug',                         { from: 'code' },                                   'nothing'],
    ['a 401 told by a call inside',   { from: 'inner_call', failure: diagnose(http(401)) }, 'nothing'],
    ['a 400 told by a call inside',   { from: 'inner_call', failure: diagnose(http(400)) }, 'nothing'],
  ])('%s', (_what, facts, says) => {
    expect(weighEvidence(diagnose(facts)).says).toBe(says);
  });

  it('what was held back says nothing', () => {
    expect(weighEvidence({ ...diagnose(http(401)), isHeld: true }).says).toBe('nothing');
  });

  it('keeps the reason, not the request that found it out', () => {
    const failure = diagnose(http(401));
    const { requestId, ...reason } = failure;
    expect(requestId).toBe('req_1');
    expect(weighEvidence({ ...failure, isFinal: true })).toEqual({ says: 'refused', failure: reason });
  });
});
