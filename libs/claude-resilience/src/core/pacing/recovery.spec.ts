import { describe, expect, it } from '@jest/globals';
import { PACING_DEFAULTS } from './pacing.options.js';
import { Recovery } from './recovery.js';

const USUAL_PER_MS = 0.05;
/** One success at the usual rate, then what is given, `everyMs` apart. */
function after(results: string, everyMs: number, options = {}): Recovery {
  const recovery = new Recovery({ ...PACING_DEFAULTS, ...options });
  recovery.ended(true, 0, 0, USUAL_PER_MS, 0.1);
  [...results].forEach((result, n) => recovery.ended(result === '+', n * everyMs, n * everyMs, USUAL_PER_MS, 0.1));
  return recovery;
}

describe('Recovery', () => {
  it.each<[results: string, everyMs: number, perMs: number | undefined]>([
    ['-'.repeat(19), 10, undefined],
    ['-'.repeat(20), 10, 0.01],
    [`${'-'.repeat(19)}+${'-'.repeat(19)}`, 10, undefined],
    ['-----', 2_500, 0.01],
    ['-----', 2_400, undefined],
    ['----', 60_000, undefined],
  ])('%s, one each %i ms: %s/ms', (results, everyMs, perMs) => {
    const { perMs: rate } = after(results, everyMs);
    if (perMs === undefined) expect(rate).toBeUndefined();
    else expect(rate).toBeCloseTo(perMs, 3);
  });

  it('a storm that lets a third through is none', () => {
    expect(after('--+'.repeat(200), 20).perMs).toBeUndefined();
  });

  it('can be switched off', () => {
    expect(after('-'.repeat(50), 10, { rampStartRatio: 1 }).perMs).toBeUndefined();
  });

  it('somebody else can tell that an outage is over', () => {
    const recovery = after('', 0);
    recovery.outageOver(0, 0.1);
    expect(recovery.perMs).toBeCloseTo(0.01);
  });

  it('the first success after a long run brings the start rate back', () => {
    const recovery = after('-'.repeat(60), 10);
    expect(recovery.perMs).toBeCloseTo(0.005, 3);
    recovery.ended(true, 700, 800, 0, 0.1);
    expect(recovery.perMs).toBeCloseTo(0.01, 3);
  });

  it('too fast a growth: half of what was usual, and up by a quarter in five seconds', () => {
    const recovery = after('', 0);
    recovery.grewTooFast(0, 0.1);
    expect(recovery.perMs).toBeCloseTo(0.025);
    for (let nowMs = 0; nowMs <= 5_000; nowMs += 100) recovery.ended(true, nowMs, nowMs, 0, 0.1);
    expect(recovery.perMs).toBeCloseTo(0.03125);
  });

  it('ends at the limit', () => {
    const recovery = after('-'.repeat(20), 10);
    for (let nowMs = 200; nowMs <= 1_500; nowMs += 5) recovery.ended(true, nowMs, nowMs, 0, 0.1);
    expect([recovery.perMs, recovery.nextAtMs(1_500)]).toEqual([undefined, 1_500]);
  });
});
