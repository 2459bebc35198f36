import { format, inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ClaudeCallError } from './call-error.js';
import { errorOf } from './call-errors.js';
import { ClaudeResilienceError } from './errors.js';
import { FAILURE_KINDS, type Failure, type FailureKind } from './failure/failure.js';

const SECRET = 'messages.0: the patient is called Smith';
const cause = Object.assign(new Error(SECRET), { body: { prompt: SECRET } });

const failure = (kind: FailureKind, over: Partial<Failure> = {}): Failure => ({
  kind,
  retryable: false,
  verdict: 'neutral',
  scope: 'service',
  severity: 'warning',
  rule: 'some_rule',
  ...over,
});
const details = { feature: 'summarisation', correlationId: 'id-1', attempts: 3 };

describe('one class for each kind (R7)', () => {
  it.each<[kind: FailureKind, name: string]>([
    ['invalid_request', 'ClaudeInvalidRequestError'],
    ['content_policy', 'ClaudeContentPolicyError'],
    ['authentication', 'ClaudeAuthenticationError'],
    ['permission', 'ClaudePermissionError'],
    ['not_found', 'ClaudeNotFoundError'],
    ['too_large', 'ClaudeTooLargeError'],
    ['billing', 'ClaudeBillingError'],
    ['rate_limited', 'ClaudeRateLimitedError'],
    ['server_error', 'ClaudeServerError'],
    ['overloaded', 'ClaudeOverloadedError'],
    ['timeout', 'ClaudeTimeoutError'],
    ['connection', 'ClaudeConnectionError'],
    ['cancelled', 'ClaudeCancelledError'],
    ['circuit_open', 'ClaudeCircuitOpenError'],
    ['internal', 'ClaudeInternalError'],
  ])('%s: %s', (kind, name) => {
    const error = errorOf({ ...details, failure: failure(kind) });
    expect(error).toBeInstanceOf(ClaudeCallError);
    expect(error).toBeInstanceOf(ClaudeResilienceError);
    expect([error.name, error.constructor.name]).toEqual([name, name]);
    expect(error).toMatchObject({ ...details, kind, failure: failure(kind), code: `CLAUDE_${kind.toUpperCase()}` });
  });

  it('has no class twice', () => {
    const classes = FAILURE_KINDS.map((kind) => errorOf({ ...details, failure: failure(kind) }).constructor);
    expect(new Set(classes).size).toBe(FAILURE_KINDS.length);
  });
});

describe('what it tells', () => {
  it.each<[kind: FailureKind, over: Partial<Failure>, retryable: boolean, retryAfterMs: number | undefined]>([
    ['rate_limited', { retryable: true, retryAfterMs: 7000 }, true, 7000],
    ['rate_limited', { retryable: false }, false, undefined],
    ['circuit_open', { retryAfterMs: 5000 }, true, 5000],
    ['authentication', {}, false, undefined],
    ['timeout', { retryable: false }, true, undefined], // too late for this call, not for the next
  ])('%s %j: retryable %s, after %s ms', (kind, over, retryable, retryAfterMs) => {
    expect(errorOf({ ...details, failure: failure(kind, over) })).toMatchObject({ retryable, retryAfterMs });
  });

  it.each([
    [0, 'Claude call of "summarisation" failed: timeout (some_rule) after 0 attempts'],
    [1, 'Claude call of "summarisation" failed: timeout (some_rule) after 1 attempt'],
    [2, 'Claude call of "summarisation" failed: timeout (some_rule) after 2 attempts'],
  ])('after %i attempts', (attempts, message) => {
    expect(errorOf({ ...details, attempts, failure: failure('timeout') }).message).toBe(message);
  });

  it('keeps the cause for those who ask, and a stand-in without its text for those who print', () => {
    const upstream = Object.assign(new Error('the patient is called Smith'), {
      name: 'BadRequestError',
      status: 400,
      type: 'invalid_request_error',
      requestID: 'req_1',
    });
    const error = errorOf({ ...details, failure: failure('invalid_request'), cause: upstream });
    expect(error.revealCause()).toBe(upstream);
    expect(error.cause).toMatchObject({
      name: 'BadRequestError',
      message: '400 invalid_request_error',
      status: 400,
      requestId: 'req_1',
    });
    expect(inspect(error.cause)).not.toContain('Smith');
    expect(inspect(error.cause)).toContain('call-errors.spec');
  });

  it('its stand-in is made once, when somebody looks, and is a property like that of other errors', () => {
    let reads = 0;
    const upstream = Object.defineProperty(new Error('reset'), 'stack', { get: () => `Error: ${++reads}\n    at x` });
    const error = errorOf({ ...details, failure: failure('connection'), cause: upstream });
    expect([Object.hasOwn(error, 'cause'), Object.keys(error).includes('cause'), reads]).toEqual([true, false, 0]);
    const standIn = error.cause;
    expect((standIn as Error).stack).toBe('Error: no answer\n    at x');
    expect([error.cause === standIn, reads]).toEqual([true, 1]);
    error.cause = 'another';
    expect([error.cause, Object.keys(error).includes('cause')]).toEqual(['another', false]);
    const unread = errorOf({ ...details, failure: failure('connection'), cause: upstream });
    unread.cause = 'another';
    expect([unread.cause, unread.revealCause(), reads]).toEqual(['another', upstream, 1]);
  });

  it('a cause of the application’s own is the cause; without one there is none', () => {
    expect(errorOf({ ...details, failure: failure('internal'), cause }).cause).toBe(cause);
    expect(errorOf({ ...details, failure: failure('cancelled'), cause }).cause).toBe(cause);
    expect(errorOf({ ...details, failure: failure('circuit_open') })).not.toHaveProperty('cause');
    expect(errorOf({ ...details, failure: failure('timeout'), cause: 'a text' })).not.toHaveProperty('cause');
  });
});

describe('what is written down never holds the text of the cause', () => {
  const error = errorOf({ ...details, failure: failure('internal', { retryAfterMs: 5 }), cause });

  it.each<[how: string, written: string]>([
    ['JSON.stringify', JSON.stringify(error)],
    ['JSON.stringify, nested', JSON.stringify({ list: [error] })],
    ['util.inspect', inspect(error)],
    ['util.inspect, nested and deep', inspect({ list: [error] }, { depth: 10 })],
    ['util.inspect, hidden fields', inspect(error, { showHidden: true })],
    ['%o of console', format('%o', error)],
    ['%s of console', format('%s', error)],
    ['a second error around it', inspect(new Error('outer', { cause: error }))],
    ['stack', String(error.stack)],
    ['String', String(error)],
  ])('%s', (_how, written) => {
    expect(written).not.toContain('Smith');
    expect(written).toMatch(/CLAUDE_INTERNAL|ClaudeInternalError/);
  });

  it('toJSON holds what helps', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'ClaudeInternalError',
      code: 'CLAUDE_INTERNAL',
      kind: 'internal',
      message: error.message,
      ...details,
      retryable: false,
      retryAfterMs: 5,
    });
  });

  it('util.inspect shows code and correlation id, for those who search', () => {
    expect(inspect(error)).toContain('[code: CLAUDE_INTERNAL, correlationId: id-1]');
  });
});
