import { describe, expect, it } from '@jest/globals';
import { Ramp } from './ramp.js';

const plan = { startPerMs: 0.01, targetPerMs: 0.05, growth: 2, minWindowMs: 0 };
const report = (ramp: Ramp, results: string, admittedAtMs: number, nowMs: number) => {
  for (const result of results) ramp.ended(result === '+', admittedAtMs, nowMs);
};

describe('Ramp', () => {
  it.each([
    ['+++++', 0.02],
    ['++++-', 0.02],
    ['+++--', 0.012],
    ['++---', 0.012],
    ['+----', 0.005],
    ['-----', 0.005],
    ['++++', 0.01],
  ])('a window of %s: then %d/ms', (results, perMs) => {
    const ramp = new Ramp(plan, 0);
    report(ramp, results, 1, 2_000);
    expect(ramp.perMs).toBeCloseTo(perMs);
  });

  it('does not rise by time', () => {
    const ramp = new Ramp(plan, 0);
    expect([ramp.nextAtMs(3_600_000), ramp.perMs]).toEqual([3_600_000, 0.01]);
  });

  it('results of before the present rate say nothing about it', () => {
    const ramp = new Ramp(plan, 1_000);
    report(ramp, '++++++++++', 999, 2_000);
    expect(ramp.perMs).toBe(0.01);
  });

  it('spaces what goes, and makes up for a late timer, but not for idle time', () => {
    const ramp = new Ramp(plan, 0);
    ramp.went(0);
    expect(ramp.nextAtMs(0)).toBe(100);
    ramp.went(105);
    expect(ramp.nextAtMs(105)).toBe(200);
    ramp.went(10_000);
    expect(ramp.nextAtMs(10_000)).toBe(10_100);
  });

  it('is over when it is of no more use', () => {
    const ramp = new Ramp(plan, 0);
    report(ramp, '+++++', 0, 1);
    report(ramp, '++++++++++', 1, 2);
    expect(ramp.isOver).toBe(false);
    report(ramp, '++++++++++++++++++++', 2, 3);
    expect(ramp.isOver).toBe(true);
  });

  it('keeps asking: never slower than half its start, nor than one a second', () => {
    const [ramp, slow] = [new Ramp(plan, 0), new Ramp({ ...plan, startPerMs: 0.001 }, 0)];
    for (let n = 0; n < 20; n++) [ramp, slow].forEach((each) => report(each, '-----', n, n));
    expect([ramp.perMs, slow.perMs]).toEqual([0.005, 0.001]);
  });

  it('a window lasts as long as it must', () => {
    const ramp = new Ramp({ ...plan, minWindowMs: 5_000 }, 0);
    report(ramp, '++++++++++', 0, 4_999);
    expect(ramp.perMs).toBe(0.01);
    report(ramp, '+', 0, 5_000);
    expect(ramp.perMs).toBe(0.02);
  });

  it('begins again at its start, at once, when somebody knows better', () => {
    const ramp = new Ramp(plan, 0);
    report(ramp, '-----', 0, 0);
    ramp.went(0);
    ramp.restart(10);
    expect([ramp.perMs, ramp.nextAtMs(10)]).toEqual([0.01, 110]);
  });
});
