import { describe, expect, it } from '@jest/globals';
import { PACING_DEFAULTS, readPacingOptions } from './pacing.options.js';

const read = (given: unknown) => {
  const issues: string[] = [];
  return { options: readPacingOptions('pacing', given, issues), issues };
};

describe('readPacingOptions', () => {
  it.each([[undefined], [{}], [{ maxWaiting: undefined }]])('is on by default: %j', (given) => {
    expect(read(given)).toEqual({ options: PACING_DEFAULTS, issues: [] });
  });

  it('false switches it off', () => {
    expect(read(false)).toEqual({ options: false, issues: [] });
  });

  it('takes what is given, frozen', () => {
    const given = {
      headroomRatio: 0.5,
      maxWaiting: 0,
      maxConcurrency: 3,
      ageingMs: 1,
      rampStartRatio: 1,
      rampGrowth: 1.5,
    };
    const { options, issues } = read(given);
    expect([options, issues]).toEqual([given, []]);
    expect(Object.isFrozen(options)).toBe(true);
  });

  it.each<[given: unknown, issue: string]>([
    [true, 'pacing: false, or an object of options, got true'],
    ['on', 'pacing: false, or an object of options, got "on"'],
    [7, 'pacing: an object, got 7'],
    [{ headroomRatio: 1 }, 'pacing.headroomRatio: a ratio, at least 0, at most 0.99, got 1'],
    [{ maxWaiting: -1 }, 'pacing.maxWaiting: an integer, at least 0, got -1'],
    [{ maxConcurrency: 0 }, 'pacing.maxConcurrency: an integer, at least 1, got 0'],
    [{ maxConcurrency: Infinity }, 'pacing.maxConcurrency: an integer, at least 1, got Infinity'],
    [{ ageingMs: 0 }, 'pacing.ageingMs: milliseconds, above 0, got 0'],
    [{ rampStartRatio: 0 }, 'pacing.rampStartRatio: a ratio, above 0, at most 1, got 0'],
    [{ rampGrowth: 1 }, 'pacing.rampGrowth: a number, above 1, at most 100, got 1'],
  ])('%j', (given, issue) => {
    expect(read(given)).toEqual({ options: PACING_DEFAULTS, issues: [issue] });
  });

  it('names every unknown option', () => {
    expect(read({ maxWaitng: 1 }).issues).toEqual([expect.stringContaining('pacing.maxWaitng: unknown option')]);
  });
});
