import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkFaultRule } from './check-fault-rule.js';

describe('checkFaultRule', () => {
  it.each<[object]>([
    [{ fault: 'overloaded' }],
    [{ fault: 'overloaded', share: 0, count: 1, skip: 0, fromMs: 0, untilMs: 1, delayMs: 0, retryAfterSeconds: 0 }],
    [{ fault: 'rate_limited', retryAfterSeconds: null, message: '', headers: { 'retry-after-ms': '250' } }],
    [{ fault: 'refusal', category: null, when: { path: '/v1/messages', model: 'm', promptIncludes: 'p' } }],
    [{ fault: 'custom', status: 200, body: { any: ['json'] } }],
    [{ fault: 'hang', share: undefined }],
    [{ fault: 'stream_error', afterEvents: null, errorType: 'api_error', message: 'm', delayMs: 1 }],
    [{ fault: 'stream_refusal', afterEvents: 0, category: 'bio', message: 'm' }],
    [{ fault: 'stream_silence', afterEvents: 3, delayMs: 60_000 }],
    [{ fault: 'stream_eof_after_delta' }],
    [{ fault: 'overloaded', strikesAt: 'answer', when: { method: 'POST', path: '/v1/messages/batches/*/cancel' } }],
    [{ fault: 'batch_expired', when: { customId: 'a_b-1' }, share: 0.5 }],
    [{ fault: 'refusal', category: 'bio', when: { customId: '*' } }],
    [{ fault: 'server_error', message: 'm', when: { customId: 'a*' } }],
  ])('takes %j', (rule) => {
    expect(checkFaultRule(rule, 'rule')).toEqual([]);
  });

  it.each<[unknown, string]>([
    [null, 'rule: expected an object'],
    [[], 'rule: expected an object'],
    [{}, 'rule.fault: missing'],
    [{ fault: 'toString' }, 'rule.fault: expected one of'],
    [{ fault: 'hang', typo: 1 }, 'rule.typo: unknown; known are fault, when,'],
    [{ fault: 'hang', constructor: 1 }, 'rule.constructor: unknown'],
    [{ fault: 'hang', when: 'now' }, 'rule.when: expected an object'],
    [{ fault: 'hang', when: { path: 'v1' } }, 'rule.when.path: expected a path that begins with /, got v1'],
    [{ fault: 'hang', when: { feature: 'x' } }, 'rule.when.feature: unknown'],
    [{ fault: 'hang', share: 1.01 }, 'rule.share: expected a number from 0 to 1, got 1.01'],
    [{ fault: 'hang', share: Number.NaN }, 'rule.share: expected'],
    [{ fault: 'hang', count: 0 }, 'rule.count: expected an integer, 1 or more, got 0'],
    [{ fault: 'hang', skip: '1' }, 'rule.skip: expected'],
    [{ fault: 'hang', fromMs: 10, untilMs: 10 }, 'rule.untilMs: expected more than fromMs'],
    [{ fault: 'hang', retryAfterSeconds: 1 }, 'rule.retryAfterSeconds: not a parameter of hang'],
    [{ fault: 'overloaded', retryAfterSeconds: 1.5 }, 'rule.retryAfterSeconds: expected whole seconds'],
    [{ fault: 'overloaded', category: 'bio' }, 'rule.category: not a parameter of overloaded'],
    [{ fault: 'refusal', category: 'rude' }, 'rule.category: expected one of'],
    [{ fault: 'stream_eof', afterEvents: -1 }, 'rule.afterEvents: expected an integer, 0 or more, or null, got -1'],
    [{ fault: 'stream_eof', afterEvents: 'first' }, 'rule.afterEvents: expected'],
    [
      { fault: 'stream_eof_after_delta', afterEvents: 1 },
      'rule.afterEvents: not a parameter of stream_eof_after_delta',
    ],
    [{ fault: 'overloaded', afterEvents: 1 }, 'rule.afterEvents: not a parameter of overloaded'],
    [{ fault: 'stream_eof', errorType: 'api_error' }, 'rule.errorType: not a parameter of stream_eof'],
    [{ fault: 'stream_error', errorType: 'rude_error' }, 'rule.errorType: expected one of'],
    [{ fault: 'hang', strikesAt: 'end' }, 'rule.strikesAt: expected one of arrival, answer, got end'],
    [{ fault: 'truncated_body', strikesAt: 'answer' }, 'rule.strikesAt: not a parameter of truncated_body'],
    [{ fault: 'hang', when: { method: 'post' } }, 'rule.when.method: expected one of GET, POST, DELETE'],
    [{ fault: 'overloaded', when: { customId: 'a b' } }, 'rule.when.customId: expected a custom_id'],
    [{ fault: 'overloaded', when: { customId: '*a' } }, 'rule.when.customId: expected a custom_id'],
    [{ fault: 'batch_expired' }, 'rule.when.customId: missing; batch_expired is for items of batches'],
    [{ fault: 'hang', when: { customId: '*' } }, 'rule.when.customId: hang does not happen to items of batches'],
    [{ fault: 'overloaded', delayMs: 1, when: { customId: '*' } }, 'rule.delayMs: not a parameter of items of batches'],
    [{ fault: 'custom' }, 'rule.status: missing'],
    [{ fault: 'custom', status: 100 }, 'rule.status: expected an integer, from 200 to 599'],
    [{ fault: 'custom', status: 200, headers: { 'a b': '' } }, 'rule.headers: expected'],
    [{ fault: 'custom', status: 200, headers: { a: 'line\r\nbreak' } }, 'rule.headers: expected'],
    [{ fault: 'custom', status: 200, headers: { 'Content-Length': '3' } }, 'rule.headers: expected'],
    [{ fault: 'custom', status: 200, body: () => 'x' }, 'rule.body: expected a text or JSON'],
  ])('refuses %j: %s', (rule, issue) => {
    expect(checkFaultRule(rule, 'rule').join('\n')).toContain(issue);
  });

  it('names every bad field, not only the first', () => {
    expect(checkFaultRule({ fault: 'nope', share: -1, count: 0, when: { model: '' } }, 'rules[3]')).toHaveLength(4);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (rule) => Array.isArray(checkFaultRule(rule, 'rule'))));
  });
});
