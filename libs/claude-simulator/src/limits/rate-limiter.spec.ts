import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from './rate-limiter.js';

const NOON_MS = Date.UTC(2026, 10, 22, 12);

describe('RateLimiter', () => {
  it('starts with the numbers of the Start tier', () => {
    expect(new RateLimiter({}, NOON_MS).headers('fable-5', NOON_MS)).toEqual({
      'anthropic-ratelimit-requests-limit': '1000',
      'anthropic-ratelimit-requests-remaining': '1000',
      'anthropic-ratelimit-requests-reset': '2026-11-22T12:00:00Z',
      'anthropic-ratelimit-tokens-limit': '600000',
      'anthropic-ratelimit-tokens-remaining': '600000',
      'anthropic-ratelimit-tokens-reset': '2026-11-22T12:00:00Z',
      'anthropic-ratelimit-input-tokens-limit': '500000',
      'anthropic-ratelimit-input-tokens-remaining': '500000',
      'anthropic-ratelimit-input-tokens-reset': '2026-11-22T12:00:00Z',
      'anthropic-ratelimit-output-tokens-limit': '100000',
      'anthropic-ratelimit-output-tokens-remaining': '100000',
      'anthropic-ratelimit-output-tokens-reset': '2026-11-22T12:00:00Z',
    });
  });

  it('tells what is left, tokens to the nearest thousand, and when each limit is full again', () => {
    const limiter = new RateLimiter(
      { requestsPerMinute: 60, inputTokensPerMinute: 60_000, outputTokensPerMinute: 6_000 },
      NOON_MS,
    );
    expect(limiter.admit('opus-5', 12_345, NOON_MS)).toEqual({ admitted: true });
    limiter.chargeOutput('opus-5', 600, NOON_MS);
    expect(limiter.headers('opus-5', NOON_MS)).toMatchObject({
      'anthropic-ratelimit-requests-remaining': '59',
      'anthropic-ratelimit-requests-reset': '2026-11-22T12:00:01Z',
      'anthropic-ratelimit-input-tokens-remaining': '48000',
      'anthropic-ratelimit-input-tokens-reset': '2026-11-22T12:00:13Z',
      'anthropic-ratelimit-output-tokens-remaining': '5000',
      'anthropic-ratelimit-output-tokens-reset': '2026-11-22T12:00:06Z',
      'anthropic-ratelimit-tokens-remaining': '53000',
      'anthropic-ratelimit-tokens-reset': '2026-11-22T12:00:13Z',
    });
  });

  it.each([
    { what: 'requests', limits: { requestsPerMinute: 2 }, inputTokens: 1, outputTokens: 0, retryAfterSeconds: 30 },
    {
      what: 'input tokens',
      limits: { inputTokensPerMinute: 100 },
      inputTokens: 50,
      outputTokens: 0,
      retryAfterSeconds: 30,
    },
    {
      what: 'output tokens',
      limits: { outputTokensPerMinute: 60 },
      inputTokens: 1,
      outputTokens: 40,
      retryAfterSeconds: 21,
    },
  ])(
    'refuses the third request over the limit of $what',
    ({ what, limits, inputTokens, outputTokens, retryAfterSeconds }) => {
      const limiter = new RateLimiter(limits, NOON_MS);
      for (let i = 0; i < 2; i += 1) {
        expect(limiter.admit('opus-5', inputTokens, NOON_MS)).toEqual({ admitted: true });
        limiter.chargeOutput('opus-5', outputTokens, NOON_MS);
      }
      const refusal = limiter.admit('opus-5', inputTokens, NOON_MS);
      expect(refusal).toMatchObject({ admitted: false, retryAfterSeconds, limit: expect.stringContaining(what) });
      expect(limiter.admit('opus-5', inputTokens, NOON_MS + retryAfterSeconds * 1_000)).toEqual({ admitted: true });
    },
  );

  it('takes nothing for a refused request', () => {
    const limiter = new RateLimiter({ requestsPerMinute: 10, inputTokensPerMinute: 100 }, NOON_MS);
    limiter.admit('opus-5', 101, NOON_MS);
    expect(limiter.headers('opus-5', NOON_MS)['anthropic-ratelimit-requests-remaining']).toBe('10');
  });

  it('gives each model class buckets of its own', () => {
    const limiter = new RateLimiter({ requestsPerMinute: 1 }, NOON_MS);
    expect(limiter.admit('opus-4', 1, NOON_MS)).toEqual({ admitted: true });
    expect(limiter.admit('opus-4', 1, NOON_MS)).toMatchObject({ admitted: false });
    expect(limiter.admit('opus-5', 1, NOON_MS)).toEqual({ admitted: true });
  });

  it('enforces a burst below the minute, as 60 a minute may mean one a second', () => {
    const limiter = new RateLimiter({ requestsPerMinute: 60, burst: 1 }, NOON_MS);
    limiter.admit('opus-5', 1, NOON_MS);
    expect(limiter.admit('opus-5', 1, NOON_MS + 999)).toMatchObject({ admitted: false, retryAfterSeconds: 1 });
    expect(limiter.admit('opus-5', 1, NOON_MS + 1_000)).toEqual({ admitted: true });
  });

  it('lets an explicit undefined mean the default', () => {
    const limits = { requestsPerMinute: undefined } as unknown as { readonly requestsPerMinute?: number };
    expect(new RateLimiter(limits, NOON_MS).headers('opus-5', NOON_MS)['anthropic-ratelimit-requests-limit']).toBe(
      '1000',
    );
  });
});
