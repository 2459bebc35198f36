import { describe, expect, it } from '@jest/globals';
import { describedError } from './described-error.js';

const PROMPT = 'the prompt';

function apiError(): Error {
  const error = Object.assign(new Error(`${PROMPT}\n    at a lookalike of a frame: ${PROMPT}`), {
    status: 400,
    code: 'SOME_CODE',
    requestId: 'req_1',
    retryable: false,
    headers: { 'x-api-key': 'key' },
    error: { message: PROMPT },
  });
  error.cause = new Error(PROMPT);
  return error;
}

describe('describedError', () => {
  it('tells name, code, status, request id and place, and nothing of what was said', () => {
    const described = describedError(apiError(), true);
    expect(described).toMatchObject({
      name: 'Error',
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

  it('has all frames for debugging only', () => {
    expect(describedError(apiError(), false)).not.toHaveProperty('frames');
  });

  it.each([
    ['text', 'string'],
    [undefined, 'undefined'],
    [null, 'object'],
  ])('takes %j for what it is', (thrown, name) => {
    expect(describedError(thrown, true)).toEqual({ name });
  });
});
