import { describe, expect, it } from '@jest/globals';
import { readLimits, saysAnything, type LimitReading } from './read-limits.js';

const headersOf = (members: Record<string, string>) =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [`anthropic-ratelimit-requests-${name}`, value]));

describe('readLimits', () => {
  it.each<[what: string, members: Record<string, string>, reading: LimitReading | undefined]>([
    ['nothing', {}, undefined],
    ['both', { limit: '60', remaining: '59', reset: '2026-11-22T12:00:01Z' }, { limit: 60, remaining: 59 }],
    ['no limit', { remaining: '0' }, { remaining: 0 }],
    ['no remaining', { limit: '60' }, { limit: 60 }],
    ['only a reset', { reset: '2026-11-22T12:01:00Z' }, undefined],
    ['garbage', { limit: 'many', remaining: '-1', reset: 'tomorrow' }, undefined],
    ['garbage beside sense', { limit: '1e3', remaining: '7' }, { remaining: 7 }],
    ['fractions and hexadecimal', { limit: '0x10', remaining: '1.5' }, undefined],
    ['a limit of none', { limit: '0', remaining: '0' }, { remaining: 0 }],
    ['more than a number holds', { limit: '99999999999999999999' }, undefined],
    ['empty', { limit: '', remaining: ' ' }, undefined],
  ])('%s', (_what, members, reading) => {
    expect(readLimits(headersOf(members), 'standard').requests).toEqual(reading);
  });

  it('keeps the families apart', () => {
    const headers = {
      'anthropic-ratelimit-tokens-limit': '1',
      'anthropic-ratelimit-input-tokens-limit': '2',
      'anthropic-ratelimit-output-tokens-limit': '3',
      'anthropic-fast-input-tokens-limit': '4',
      'anthropic-fast-output-tokens-limit': '5',
      'anthropic-priority-input-tokens-limit': '6',
      'anthropic-priority-output-tokens-limit': '7',
      'anthropic-ratelimit-unified-remaining': '8',
    };
    const none = { requests: undefined, tokens: undefined };
    expect((['standard', 'fast', 'priority'] as const).map((pool) => readLimits(headers, pool))).toEqual([
      { requests: undefined, tokens: { limit: 1 }, inputTokens: { limit: 2 }, outputTokens: { limit: 3 } },
      { ...none, inputTokens: { limit: 4 }, outputTokens: { limit: 5 } },
      { ...none, inputTokens: { limit: 6 }, outputTokens: { limit: 7 } },
    ]);
  });

  it.each([
    [{}, false],
    [{ 'anthropic-fast-input-tokens-limit': '4' }, false],
    [{ 'anthropic-ratelimit-output-tokens-remaining': '4' }, true],
  ])('says anything of the standard pool: %j %s', (headers, expected) => {
    expect(saysAnything(readLimits(headers, 'standard'))).toBe(expected);
  });
});
