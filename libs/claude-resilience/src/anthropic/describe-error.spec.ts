import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import { describeNetworkError, describeSdkError, describeWireError } from './describe-error.js';

const withCode = (code: string, cause?: unknown) => Object.assign(new Error('x', { cause }), { code });
const named = (name: string, message = 'x', cause?: unknown) => Object.assign(new Error(message, { cause }), { name });

describe('errors of the SDK, as facts (R7)', () => {
  const headers = new Headers({ 'request-id': 'req_1', 'retry-after': '3', 'retry-after-ms': '2500' });
  const body = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded', details: null } };

  it.each([
    [new Anthropic.APIUserAbortError(), { from: 'abort' }],
    [new Anthropic.APIConnectionTimeoutError(), { from: 'timeout', limit: 'headers' }],
    [new Anthropic.APIConnectionError({ message: 'x' }), { from: 'connection' }],
    [
      new Anthropic.APIConnectionError({ message: 'x', cause: withCode('ECONNRESET') }),
      { from: 'connection', networkCode: 'ECONNRESET' },
    ],
    [
      new Anthropic.APIConnectionError({ message: 'x', cause: withCode('UND_ERR_HEADERS_TIMEOUT') }),
      { from: 'timeout', limit: 'headers' },
    ],
    [
      new Anthropic.APIError(529, body, undefined, headers),
      {
        from: 'response',
        status: 529,
        type: 'overloaded_error',
        says: 'Overloaded',
        requestId: 'req_1',
        retryAfter: '3',
        retryAfterMs: '2500',
      },
    ],
    // Inside a stream there is no status.
    [
      new Anthropic.APIError(undefined, body, undefined, undefined),
      { from: 'response', type: 'overloaded_error', says: 'Overloaded' },
    ],
    [
      new Anthropic.AnthropicError('Could not resolve authentication method'),
      { from: 'code', says: 'Could not resolve authentication method' },
    ],
  ])('%#: %s', (error, facts) => {
    expect(describeSdkError(error)).toEqual(facts);
  });

  it('knows what the SDK throws where there is no key', async () => {
    const client = new Anthropic({ apiKey: null, credentials: null, fetch: () => Promise.reject(new Error('sent')) });
    const error: unknown = await client.messages
      .create({ model: 'claude-sonnet-5-5', max_tokens: 1, messages: [{ role: 'user', content: 'Hello' }] })
      .catch((thrown: unknown) => thrown);
    expect(diagnoseFailure(describeWireError(error), 0)).toMatchObject({
      kind: 'authentication',
      rule: 'no_credentials',
      action: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
  });

  it('knows a second copy of the SDK by its shape', () => {
    const copy = Object.assign(new Error('529 Overloaded'), {
      name: 'OverloadedError',
      status: 529,
      headers,
      error: body,
      requestID: 'req_2',
      type: 'overloaded_error',
    });
    expect(describeSdkError(copy)).toMatchObject({ from: 'response', status: 529, requestId: 'req_2' });
  });

  it.each([
    [new Error('x')],
    [Object.assign(new Error('x'), { status: 404 })],
    [withCode('ECONNREFUSED')],
    [undefined],
    ['text'],
    [null],
  ])('%#: leaves %s to whoever made it', (error) => {
    expect(describeSdkError(error)).toBeUndefined();
  });
});

describe('errors of the network, as facts', () => {
  it.each([
    [withCode('ECONNRESET'), { from: 'connection', networkCode: 'ECONNRESET' }],
    [withCode('EAI_AGAIN'), { from: 'connection', networkCode: 'EAI_AGAIN' }],
    [withCode('ENOTFOUND'), { from: 'connection', networkCode: 'ENOTFOUND' }],
    [withCode('UND_ERR_SOCKET'), { from: 'connection', networkCode: 'UND_ERR_SOCKET' }],
    [withCode('CERT_HAS_EXPIRED'), { from: 'connection', networkCode: 'CERT_HAS_EXPIRED' }],
    // Node's own limits, as `fetch` shows them: the reason is hidden behind its message.
    [withCode('UND_ERR_BODY_TIMEOUT'), { from: 'timeout', limit: 'body' }],
    [named('TypeError', 'terminated', withCode('UND_ERR_BODY_TIMEOUT')), { from: 'timeout', limit: 'body' }],
    [named('TypeError', 'terminated', named('BodyTimeoutError')), { from: 'timeout', limit: 'body' }],
    [named('TypeError', 'fetch failed', withCode('UND_ERR_HEADERS_TIMEOUT')), { from: 'timeout', limit: 'headers' }],
    [named('TypeError', 'fetch failed', named('HeadersTimeoutError')), { from: 'timeout', limit: 'headers' }],
    [
      named('TypeError', 'fetch failed', withCode('UND_ERR_CONNECT_TIMEOUT')),
      { from: 'connection', networkCode: 'UND_ERR_CONNECT_TIMEOUT' },
    ],
    [named('TypeError', 'terminated', withCode('UND_ERR_SOCKET')), { from: 'body', problem: 'broken' }],
    [named('TypeError', 'terminated', named('AbortError')), { from: 'body', problem: 'broken' }],
    [named('TimeoutError'), { from: 'timeout', limit: 'attempt' }],
    [named('AbortError'), { from: 'abort' }],
    [named('TypeError', 'terminated'), { from: 'body', problem: 'broken' }],
    [named('TypeError', 'fetch failed'), { from: 'connection' }],
    [named('TypeError', 'fetch failed', withCode('ECONNREFUSED')), { from: 'connection', networkCode: 'ECONNREFUSED' }],
    [named('TypeError', 'x is not a function'), undefined],
    [withCode('ERR_INVALID_ARG_TYPE'), undefined],
    [withCode('ENOENT'), undefined],
  ])('%#: %s', (error, facts) => {
    expect(describeNetworkError(error)).toEqual(facts);
  });

  it('ends on errors that cause each other', () => {
    const one = new Error('one');
    const two = new Error('two', { cause: one });
    one.cause = two;
    expect(describeNetworkError(one)).toBeUndefined();
  });

  it('anything thrown is described or left alone, never a further error', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        describeSdkError(thrown);
        describeNetworkError(thrown);
      }),
      { numRuns: 5_000, seed: 7 },
    );
  });
});
