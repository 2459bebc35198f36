import { describe, expect, it } from '@jest/globals';
import { BATCH_DEFAULTS, readBatchOptions } from './batch.options.js';

const read = (given: unknown) => {
  const issues: string[] = [];
  return { options: readBatchOptions('queue.batch', given, issues), issues };
};

describe('readBatchOptions', () => {
  it.each([[undefined], [false]])('%p: off', (given) => {
    expect(read(given)).toEqual({ options: false, issues: [] });
  });

  it.each([[true], [{}], [{ pollMs: undefined }]])('%p: the defaults', (given) => {
    expect(read(given)).toEqual({ options: BATCH_DEFAULTS, issues: [] });
  });

  it('takes what is given', () => {
    const given = { maxRequests: 1, maxBytes: 2, maxWaitMs: 0, pollMs: 1_000, minLeftMs: 0 };
    expect(read({ ...given, when: 'always' })).toEqual({ options: { ...given, when: 'always' }, issues: [] });
  });

  it.each([
    [{ maxRequests: 0 }, /queue\.batch\.maxRequests/],
    [{ maxRequests: 100_001 }, /maxRequests: an integer, at least 1, at most 100000/],
    [{ maxBytes: 200_000_001 }, /maxBytes/],
    [{ pollMs: 10 }, /pollMs: milliseconds, at least 1000/],
    [{ when: 'never' }, /when: one of "overloaded", "always"/],
    [{ minLeft: 1 }, /minLeft: unknown option/],
    ['yes', /queue\.batch: an object/],
  ])('%p is wrong', (given, issue) => {
    expect(read(given).issues).toEqual([expect.stringMatching(issue)]);
  });
});
