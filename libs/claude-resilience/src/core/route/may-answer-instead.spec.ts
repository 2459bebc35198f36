import { describe, expect, it } from '@jest/globals';
import type { Target } from '../call.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import { mayAnswerInstead, type Moment } from './may-answer-instead.js';

const SONNET: Target = { model: 'claude-sonnet-5-5', platform: 'anthropic', bucket: 'anthropic:sonnet-5-5' };
const OPUS_4_8: Target = { model: 'claude-opus-4-8', platform: 'anthropic', bucket: 'anthropic:opus-4' };
const OPUS_4_7: Target = { ...OPUS_4_8, model: 'claude-opus-4-7' };
const BEDROCK: Target = { model: 'anthropic.claude-opus-4-8', platform: 'bedrock', bucket: 'bedrock:opus-4' };

const status = (code: number, more: object = {}): FailureFacts => ({ from: 'response', status: code, ...more });

describe('whether another model may answer instead', () => {
  // oxfmt-ignore
  it.each<[what: string, facts: FailureFacts, sameBucket: Moment, otherBucket: Moment, otherPlatform: Moment]>([
    ['overloaded',            status(529),                                        'at_once',       'at_once',       'at_once'],
    ['a server error',        status(500),                                        'at_once',       'at_once',       'at_once'],
    ['an unknown model',      status(404),                                        'at_once',       'at_once',       'at_once'],
    ['no permission',         status(403),                                        'at_once',       'at_once',       'at_once'],
    ['a rate limit',          status(429),                                        'never',         'at_once',       'at_once'],
    ['a wrong key',           status(401),                                        'never',         'never',         'at_once'],
    ['a spend limit',         status(429, { code: 'enforced_spend_limit_reached' }), 'never',      'never',         'at_once'],
    ['payment',               status(402),                                        'never',         'never',         'at_once'],
    ['a bad request',         status(400),                                        'never',         'never',         'never'],
    ['too large',             status(413),                                        'never',         'never',         'never'],
    ['a refusal',             { from: 'refusal' },                                'never',         'never',         'never'],
    ['no connection',         { from: 'connection' },                             'after_retries', 'after_retries', 'after_retries'],
    ['an attempt too long',   { from: 'timeout', limit: 'attempt' },              'after_retries', 'after_retries', 'after_retries'],
    ['the deadline',          { from: 'timeout', limit: 'deadline' },             'never',         'never',         'never'],
    ['the caller gone',       { from: 'abort' },                                  'never',         'never',         'never'],
    ['an open circuit',       { from: 'circuit', retryAfterMs: 1 },               'never',         'never',         'never'],
    ['a bug',                 { from: 'code' },                                   'never',         'never',         'never'],
  ])('%s', (_what, facts, sameBucket, otherBucket, otherPlatform) => {
    const failure = diagnoseFailure(facts, 0);
    expect([
      mayAnswerInstead(failure, OPUS_4_8, OPUS_4_7),
      mayAnswerInstead(failure, OPUS_4_8, SONNET),
      mayAnswerInstead(failure, OPUS_4_8, BEDROCK),
    ]).toEqual([sameBucket, otherBucket, otherPlatform]);
  });
});
