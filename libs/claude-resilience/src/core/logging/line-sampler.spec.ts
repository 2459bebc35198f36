import { describe, expect, it } from '@jest/globals';
import type { LineKind } from './line-kind.js';
import { LineSampler } from './line-sampler.js';

const FAILED: LineKind = { level: 'warn', event: 'claude.call.completed', feature: 'chat', errorType: 'overloaded' };

/** How many of so many lines of one moment are written. */
function admitted(sampler: LineSampler, kind: LineKind, lines: number, nowMs: number): number {
  return Array.from({ length: lines }, () => sampler.admit(kind, nowMs)).filter(Boolean).length;
}

describe('LineSampler (R35)', () => {
  it('lets so many of a kind pass in a second, and as many in the next', () => {
    const sampler = new LineSampler(10);
    expect(admitted(sampler, FAILED, 1_000, 0)).toBe(10);
    expect(admitted(sampler, FAILED, 1_000, 999)).toBe(0);
    expect(admitted(sampler, FAILED, 1_000, 1_000)).toBe(10);
  });

  it.each<[what: string, other: Partial<LineKind>]>([
    ['another event', { event: 'claude.attempt.failed' }],
    ['another feature', { feature: 'drafts' }],
    ['another type of error', { errorType: 'timeout' }],
    ['another level', { level: 'error' }],
  ])('writes the first of a kind in the middle of a storm: %s', (_what, other) => {
    const sampler = new LineSampler(1);
    expect(admitted(sampler, FAILED, 100, 0)).toBe(1);
    expect(admitted(sampler, { ...FAILED, ...other }, 100, 0)).toBe(1);
  });

  it('counts all of a storm, and nothing of the quiet time before it', () => {
    const sampler = new LineSampler(10);
    for (let minute = 0; minute < 60; minute++) admitted(sampler, FAILED, 1, minute * 60_000);
    const stormMs = 60 * 60_000;
    for (let second = 0; second < 5; second++) admitted(sampler, FAILED, 100, stormMs + second * 1_000);
    expect(sampler.takeCounts(stormMs + 5_000)).toEqual([{ kind: FAILED, written: 50, leftOut: 450 }]);
    expect(sampler.takeCounts(stormMs + 5_001)).toEqual([]);
  });

  it('begins anew after a count, without a line too many', () => {
    const sampler = new LineSampler(10);
    admitted(sampler, FAILED, 100, 0);
    sampler.takeCounts(500);
    expect(admitted(sampler, FAILED, 100, 600)).toBe(0);
    expect(sampler.takeCounts(700)).toEqual([{ kind: FAILED, written: 0, leftOut: 100 }]);
  });

  it('writes everything where nobody set a limit', () => {
    const sampler = new LineSampler(Infinity);
    expect(admitted(sampler, FAILED, 10_000, 0)).toBe(10_000);
    expect(sampler.takeCounts(1)).toEqual([]);
  });

  it('keeps 1,000 kinds and one for all others, and loses no count', () => {
    const sampler = new LineSampler(1);
    let written = 0;
    for (let n = 0; n < 3_000; n++) written += admitted(sampler, { ...FAILED, feature: `feature ${n}` }, 2, 0);
    const counts = sampler.takeCounts(1);
    expect(counts).toHaveLength(1_001);
    expect(counts.reduce((sum, count) => sum + count.written, 0)).toBe(written);
    expect(counts.reduce((sum, count) => sum + count.written + count.leftOut, 0)).toBe(6_000);
    expect(counts.find(({ kind }) => kind.feature === undefined)).toMatchObject({ written: 1, leftOut: 3_999 });
  });

  it('forgets what is over, so that later kinds have room', () => {
    const sampler = new LineSampler(1);
    for (let n = 0; n < 1_000; n++) admitted(sampler, { ...FAILED, feature: `feature ${n}` }, 1, 0);
    for (let n = 0; n < 1_000; n++) {
      expect(admitted(sampler, { ...FAILED, feature: `later ${n}` }, 1, 1_000)).toBe(1);
    }
  });
});
