import { describe, expect, it } from '@jest/globals';
import { ScriptedRandom } from '../../testing/scripted-random.js';
import { BucketPacer } from './bucket-pacer.js';
import { PACING_DEFAULTS, type ResolvedPacingOptions } from './pacing.options.js';

const ESTIMATE = { inputTokens: 10, outputTokens: 20 };

describe('what an attempt under way has drawn', () => {
  it('is written down where an ended one was, and never where another is under way', () => {
    const pacer = new BucketPacer('standard', PACING_DEFAULTS as ResolvedPacingOptions, new ScriptedRandom(0));
    const first = pacer.begin(ESTIMATE, 0);
    pacer.end(first, {}, 1);
    const [second, third] = [pacer.begin(ESTIMATE, 2), pacer.begin({ inputTokens: 1, outputTokens: 2 }, 3)];
    expect(second).toBe(first);
    expect(third).not.toBe(second);
    expect([second.admittedAtMs, second.draws.expected, second.draws.input.units]).toEqual([2, ESTIMATE, 10]);
    expect([third.admittedAtMs, third.draws.input.units]).toEqual([3, 1]);
  });
});
