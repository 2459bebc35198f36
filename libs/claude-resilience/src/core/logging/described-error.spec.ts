import { describe, expect, it } from '@jest/globals';
import { ClaudeUnknownFeatureError } from '../errors.js';
import { describedError, ownMessageOf } from './described-error.js';

const PROMPT = 'the prompt';
const QUIET = { withFrames: false, messageOf: () => undefined };
const FRAMES = { ...QUIET, withFrames: true };

class BadRequestError extends Error {}

function apiError(): Error {
  const error = Object.assign(new BadRequestError(`${PROMPT}\n    at a lookalike (${PROMPT}:1:1)`), {
    status: 400,
    code: 'SOME_CODE',
    requestID: 'req_1',
    retryable: false,
    headers: { 'x-api-key': 'key' },
    error: { message: PROMPT },
  });
  error.cause = new Error(PROMPT);
  return error;
}

describe('describedError (R7)', () => {
  it('tells name, code, status, request id and place, and nothing of what was said', () => {
    const described = describedError(apiError(), FRAMES);
    expect(described).toMatchObject({
      name: 'BadRequestError',
      code: 'SOME_CODE',
      status: 400,
      requestId: 'req_1',
      retryable: false,
    });
    expect(described.at).toMatch(/described-error\.spec/);
    expect(described.frames?.length).toBeGreaterThan(1);
    expect(JSON.stringify(described)).not.toContain(PROMPT);
    expect(JSON.stringify(described)).not.toContain('x-api-key');
  });

  it('says the same of what pino-http has looked at, and of what it has described itself', () => {
    const error = apiError();
    const described = describedError(error, QUIET);
    expect(describedError({ type: 'BadRequestError', message: PROMPT, stack: error.stack, raw: error }, QUIET)).toEqual(
      described,
    );
    const { at: _place, ...rest } = described;
    expect(describedError(described, QUIET)).toEqual(rest);
  });

  it('has all frames for debugging only', () => {
    expect(describedError(apiError(), QUIET)).not.toHaveProperty('frames');
  });

  it.each([['name'], ['code'], ['requestId']])('takes no text for a %s', (field) => {
    expect(JSON.stringify(describedError({ ...apiError(), [field]: PROMPT }, QUIET))).not.toContain(PROMPT);
  });

  it('tells messages that somebody answers for: our own, and those the application picks', () => {
    const ours = new ClaudeUnknownFeatureError('chat', ['drafts']);
    expect(describedError(ours, { ...QUIET, messageOf: ownMessageOf }).message).toBe(ours.message);
    expect(describedError(apiError(), { ...QUIET, messageOf: ownMessageOf })).not.toHaveProperty('message');
    expect(describedError(apiError(), { ...QUIET, messageOf: () => 'a word' }).message).toBe('a word');
  });

  it.each([
    ['text', 'string'],
    [undefined, 'undefined'],
    [null, 'object'],
  ])('takes %j for what it is', (thrown, name) => {
    expect(describedError(thrown, FRAMES)).toEqual({ name });
  });
});
