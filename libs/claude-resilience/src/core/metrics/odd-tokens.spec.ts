import { describe, expect, it } from '@jest/globals';
import { OddTokens } from './odd-tokens.js';

const DIGEST = { workflow: 'digest', model: 'm' };
const call = (inputTokens: number, outputTokens = 100) => ({
  inputTokens,
  outputTokens,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});

/** Without chance: every call's tokens are of a spread that is always the same. */
const spread = (at: number) => 1_000 * Math.exp(Math.sin(at) * 1.5);

function taught(calls: number): OddTokens {
  const odd = new OddTokens();
  for (let at = 0; at < calls; at++) odd.hear(DIGEST, call(spread(at)));
  return odd;
}

describe('OddTokens (R33)', () => {
  it('says nothing of the first 60 calls, whatever they are', () => {
    expect(taught(59).hear(DIGEST, call(1e7))).toEqual({});
    expect(taught(60).hear(DIGEST, call(1e7))).toEqual({ input: expect.any(Number) });
  });

  it('tells apart prompts and answers, and counts cached prompts whole', () => {
    const odd = taught(100);
    expect(odd.hear(DIGEST, call(1_000, 100_000))).toEqual({ output: expect.any(Number) });
    expect(odd.hear(DIGEST, { ...call(1_000), cacheReadTokens: 1e7 })).toEqual({ input: expect.any(Number) });
    expect(odd.hear(DIGEST, { ...call(1_000), cacheWriteTokens: 1e7 })).toEqual({ input: expect.any(Number) });
  });

  it('finds nothing odd in what is as it was, nor in less', () => {
    const odd = taught(100);
    for (let at = 0; at < 1_000; at++) expect(odd.hear(DIGEST, call(spread(at + 0.5)))).toEqual({});
    expect(odd.hear(DIGEST, call(0, 0))).toEqual({});
  });

  it('knows nothing of a workflow from another', () => {
    expect(taught(100).hear({ ...DIGEST, workflow: 'chat' }, call(1e7))).toEqual({});
  });

  it('takes what goes on for what is usual', () => {
    const odd = taught(60);
    const told = Array.from({ length: 1_000 }, (_none, at) => odd.hear(DIGEST, call(spread(at) * 10_000)));
    expect(told[0]).toEqual({ input: expect.any(Number) });
    expect(told.slice(240).filter(({ input }) => input !== undefined)).toEqual([]);
  });
});
