import { describe, expect, it } from '@jest/globals';
import { OptionReader } from '../option-reader.js';
import { readResilienceOptions, resolveFeatures, type ResilienceOptions } from '../options.js';

const MISUSE = 'ClaudeInvalidOptionsError';

function resolve(given: ResilienceOptions) {
  const issues: string[] = [];
  const options = readResilienceOptions(new OptionReader('', given, issues), issues);
  const { headersMs, bodyMs } = options.features.find(({ name }) => name === 'generation') ?? {};
  return { options, issues, limits: [headersMs, bodyMs] };
}

describe('limits for the parts of an answer (R13, R14)', () => {
  it.each<[shared: ResilienceOptions, own: ResilienceOptions | undefined, headersMs: number, bodyMs: number]>([
    [{}, undefined, Infinity, Infinity],
    [{ headersMs: 20_000 }, undefined, 20_000, Infinity],
    [{ headersMs: 20_000, bodyMs: 5_000 }, { bodyMs: 60_000 }, 20_000, 60_000],
    [{ headersMs: 60_000 }, { timeoutMs: 120_000, headersMs: 90_000 }, 90_000, Infinity],
    // A shorter `timeoutMs` ends the attempt first: nothing to complain of.
    [{ headersMs: 20_000 }, { timeoutMs: 10_000 }, 20_000, Infinity],
    [{ bodyMs: 5_000 }, { bodyMs: undefined } as never, Infinity, 5_000],
  ])('%j, and in the feature %j: headers %d, body %d', (shared, own, headersMs, bodyMs) => {
    const { limits, issues } = resolve({ ...shared, ...(own !== undefined && { features: { generation: own } }) });
    expect(issues).toEqual([]);
    expect(limits).toEqual([headersMs, bodyMs]);
  });

  it.each<[given: ResilienceOptions, issue: string]>([
    [{ headersMs: 0 }, 'headersMs: milliseconds, above 0, at most 60000, got 0'],
    [{ bodyMs: 60_001 }, 'bodyMs: milliseconds, above 0, at most 60000, got 60001'],
    [
      { features: { generation: { timeoutMs: 1_000, headersMs: 2_000 } } },
      'features.generation.headersMs: milliseconds, above 0, at most 1000, got 2000',
    ],
    [{ bodyMs: NaN }, 'bodyMs: milliseconds, above 0, at most 60000, got NaN'],
  ])('%j is refused', (given, issue) => {
    expect(resolve(given).issues).toEqual([issue]);
  });

  it('reach features that are declared later', () => {
    const { defaults } = resolve({ headersMs: 20_000 }).options;
    expect(resolveFeatures({ mail: {} }, defaults)).toMatchObject([{ headersMs: 20_000, bodyMs: Infinity }]);
    expect(() => resolveFeatures({ mail: { bodyMs: -1 } }, defaults)).toThrow(
      expect.objectContaining({ name: MISUSE }),
    );
  });
});
