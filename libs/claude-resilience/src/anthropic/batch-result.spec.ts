import { describe, expect, it } from '@jest/globals';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import { readResultLine } from './batch-result.js';

const USAGE = { input_tokens: 5, output_tokens: 7, service_tier: 'batch' };
const MESSAGE = { id: 'msg_1', type: 'message', model: 'claude-sonnet-5-5', stop_reason: 'end_turn', usage: USAGE };
const line = (result: unknown) => JSON.stringify({ custom_id: 'c-1', result });
const errored = (error: object) => line({ type: 'errored', error: { type: 'error', error, request_id: 'req_1' } });
const TOKENS = { inputTokens: 5, outputTokens: 7, cacheReadTokens: 0, cacheWriteTokens: 0 };

describe('readResultLine', () => {
  it('a message, whole', () => {
    const metered = { model: MESSAGE.model, usage: expect.objectContaining({ serviceTier: 'batch', outputTokens: 7 }) };
    const answerJson = JSON.stringify(MESSAGE);
    const result = { name: 'answered', answerJson, model: MESSAGE.model, usage: TOKENS, metered };
    expect(readResultLine(line({ type: 'succeeded', message: MESSAGE }))).toEqual({
      name: 'item',
      customId: 'c-1',
      result,
    });
  });

  it('a refusal is no answer, and has its price', () => {
    const message = { ...MESSAGE, stop_reason: 'refusal', stop_details: { type: 'refusal', category: 'cyber' } };
    expect(readResultLine(line({ type: 'succeeded', message }))).toMatchObject({
      result: { name: 'failed', facts: { from: 'refusal', category: 'cyber' }, usage: TOKENS },
    });
  });

  it.each([['canceled'], ['expired']])('%s', (type) => {
    expect(readResultLine(line({ type }))).toEqual({ name: 'item', customId: 'c-1', result: { name: type } });
  });

  // oxfmt-ignore
  it.each([
    [{ type: 'invalid_request_error', message: 'prompt is too long: 2 tokens > 1 maximum' }, 'too_large'],
    [{ type: 'invalid_request_error', message: 'max_tokens: Field required', details: null }, 'invalid_request'],
    [{ type: 'invalid_request_error', message: 'Output blocked by content filtering policy' }, 'content_policy'],
    [{ type: 'invalid_request_error', message: 'Your credit balance is too low to access the Anthropic API' }, 'billing'],
    [{ type: 'rate_limit_error', message: '', details: { error_code: 'enforced_spend_limit_reached' } }, 'billing'],
    [{ type: 'rate_limit_error', message: 'slow down' }, 'rate_limited'],
    [{ type: 'overloaded_error', message: 'Overloaded' }, 'overloaded'],
    [{ type: 'api_error', message: 'Internal server error' }, 'server_error'],
    [{ type: 'timeout_error', message: '' }, 'timeout'],
    [{ type: 'not_found_error', message: 'model: claude-1' }, 'not_found'],
    [{ type: 'request_too_large', message: '' }, 'too_large'],
    [{ type: 'authentication_error', message: '' }, 'authentication'],
  ])('an error %j is diagnosed as %s, as if it had come alone', (error, kind) => {
    const read = readResultLine(errored(error));
    if (read.name !== 'item' || read.result.name !== 'failed') throw new Error('It should be a failure');
    expect(diagnoseFailure(read.result.facts, 0)).toMatchObject({ kind, requestId: 'req_1' });
  });

  it.each([
    ['', 'nothing'],
    ['{"custom_id":"c-1","result":{"type":"succ', 'half a line'],
    ['<html>', 'a page'],
    ['null', 'null'],
    ['[]', 'a list'],
    [JSON.stringify({ result: { type: 'expired' } }), 'nobody named'],
    [line({ type: 'of_next_year' }), 'a type of next year'],
    [line({ type: 'succeeded', message: null }), 'no message'],
    [line({ type: 'succeeded', message: { input_tokens: 5 } }), 'a count of tokens'],
    [line(null), 'no result'],
  ])('%j (%s) cannot be read', (text) => {
    expect(readResultLine(text)).toEqual({ name: 'unreadable' });
  });

  it('an error of no known type is one all the same', () => {
    expect(readResultLine(errored({ type: 'of_next_year', message: 'SECRET' }))).toMatchObject({
      result: { name: 'failed', facts: { from: 'response', type: 'of_next_year' } },
    });
    expect(readResultLine(line({ type: 'errored' }))).toMatchObject({ result: { facts: { from: 'response' } } });
  });
});
