import { describe, expect, it } from '@jest/globals';
import { OptionReader } from '../option-reader.js';
import { QUEUE_RULES, readQueueRules } from './queue.options.js';

const read = (given: unknown) => {
  const issues: string[] = [];
  const reader = new OptionReader('queue', given, issues);
  const rules = readQueueRules(reader);
  reader.done();
  return { rules, issues };
};

describe('the rules of the queue', () => {
  it.each([[{}], [undefined], [{ concurrency: undefined, deadlineMs: undefined }]])('are those of %j', (given) => {
    expect(read(given)).toEqual({ rules: QUEUE_RULES, issues: [] });
  });

  it.each([
    ['concurrency', [1, 100], [0, 101, 1.5, '4', NaN, null]],
    ['deadlineMs', [1, 1e9], [0, -1, Infinity, NaN]],
    ['keepMs', [0.5, 1], [0, Infinity]],
    ['maxAttempts', [1, 1000], [0, 1001, 2.5]],
    ['leaseMs', [5_000, 1e6], [4_999, 0, Infinity]],
    ['pollMs', [50, 60_000], [49, 0, -1]],
    ['graceMs', [0, 60_000], [-1, Infinity]],
  ] as const)('take %s within its bounds alone', (name, good, bad) => {
    for (const value of good) expect(read({ [name]: value })).toMatchObject({ rules: { [name]: value }, issues: [] });
    for (const value of bad) {
      expect(read({ [name]: value }).issues).toEqual([expect.stringContaining(`queue.${name}: `)]);
    }
  });

  it('are frozen, and name what nobody knows', () => {
    expect(Object.isFrozen(read({}).rules)).toBe(true);
    expect(read({ concurency: 2 }).issues).toEqual([expect.stringContaining('queue.concurency: unknown option')]);
  });
});
