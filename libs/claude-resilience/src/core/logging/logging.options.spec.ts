import { describe, expect, it } from '@jest/globals';
import { readLoggingOptions } from './logging.options.js';

function read(given: unknown) {
  const issues: string[] = [];
  return { options: readLoggingOptions('logging', given, issues), issues };
}

const USUAL = { sampleAbovePerSecond: 10, countEveryMs: 10_000 };

describe('logging (R35)', () => {
  it.each([
    [undefined, USUAL],
    [true, USUAL],
    [{}, USUAL],
    [false, false],
    [{ sampleAbovePerSecond: 1 }, { ...USUAL, sampleAbovePerSecond: 1 }],
    [{ sampleAbovePerSecond: false }, { ...USUAL, sampleAbovePerSecond: Infinity }],
    [{ countEveryMs: 60_000 }, { ...USUAL, countEveryMs: 60_000 }],
  ])('%j is %j', (given, resolved) => {
    expect(read(given)).toEqual({ options: resolved, issues: [] });
  });

  it.each([
    ['yes', ['logging']],
    [null, ['logging']],
    [[], ['logging']],
    [{ sampleAbovePerSecond: 0 }, ['logging.sampleAbovePerSecond']],
    [{ sampleAbovePerSecond: 1.5 }, ['logging.sampleAbovePerSecond']],
    [{ sampleAbovePerSecond: 10_001 }, ['logging.sampleAbovePerSecond']],
    [{ sampleAbovePerSecond: true }, ['logging.sampleAbovePerSecond']],
    [{ sampleAbovePerSecond: -1, countEveryMs: 999 }, ['logging.sampleAbovePerSecond', 'logging.countEveryMs']],
    [{ countEveryMs: 600_001 }, ['logging.countEveryMs']],
    [{ sampel: 1 }, ['sampel']],
  ])('%j is told: %j', (given, named) => {
    const { issues } = read(given);
    expect(issues).toHaveLength(named.length);
    named.forEach((name, n) => expect(issues[n]).toContain(name));
  });
});
