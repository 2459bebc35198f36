import { describe, expect, it } from '@jest/globals';
import type { FailureFacts } from '../failure/failure-facts.js';
import { billableLoss } from './billable-loss.js';

const ESTIMATE = { inputTokens: 1_000, outputTokens: 4_096 };

// oxfmt-ignore
describe('what a request without an answer may have cost (R34)', () => {
  it.each<[what: string, facts: FailureFacts, isBilled: boolean]>([
    ['given up while the model was at work',  { from: 'timeout', limit: 'headers' },                    true],
    ['a body that stalled',                   { from: 'timeout', limit: 'body' },                       true],
    ['the deadline of the call',              { from: 'timeout', limit: 'deadline' },                   true],
    ['a caller who left',                     { from: 'abort' },                                        true],
    ['half a body',                           { from: 'body', problem: 'broken' },                      true],
    ['a reset',                               { from: 'connection', networkCode: 'ECONNRESET' },        true],
    ['nobody was there',                      { from: 'connection', networkCode: 'ECONNREFUSED' },      false],
    ['no such name',                          { from: 'connection', networkCode: 'ENOTFOUND' },         false],
    ['nobody knows',                          { from: 'connection' },                                   false],
    ['the page of a proxy',                   { from: 'body', problem: 'not_json' },                    false],
    ['overloaded',                            { from: 'response', status: 529 },                        false],
    ['an error of the API',                   { from: 'response', status: 500 },                        false],
    ['an error event in place of an answer',  { from: 'response', type: 'overloaded_error' },           false],
    ['too large, and not sent',               { from: 'oversize' },                                     false],
    ['an open circuit',                       { from: 'circuit', retryAfterMs: 1 },                     false],
    ['held back by pacing',                   { from: 'pacing', reason: 'deadline' },                   false],
    ['a bug of the application',              { from: 'code' },                                         false],
  ])('%s', (_what, facts, isBilled) => {
    const usage = billableLoss(facts, ESTIMATE);
    if (isBilled) expect(usage).toMatchObject({ inputTokens: 1_000, outputTokens: 0, isEstimated: true });
    else expect(usage).toBeUndefined();
  });

  it('of a request of which nobody knows how large it was nothing is made up', () =>
    expect(billableLoss({ from: 'abort' }, { inputTokens: 0, outputTokens: 0 })).toBeUndefined());
});
