import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/manual-clock.js';
import { RetryBudget } from './retry-budget.js';

/** Takes as many retries as there are. */
function drain(budget: RetryBudget): number {
  let taken = 0;
  while (budget.withdraw()) taken++;
  return taken;
}

describe('a budget for retries of clients that nobody paces', () => {
  it('has a reserve, which comes back with time', async () => {
    const clock = new ManualClock();
    const budget = new RetryBudget(clock);
    expect(drain(budget)).toBe(100);
    await clock.advance(1_000);
    expect(drain(budget)).toBe(10);
    await clock.advance(3_600_000);
    expect(drain(budget)).toBe(100);
  });

  it('grows by a fifth of a retry with each call', () => {
    const budget = new RetryBudget(new ManualClock());
    drain(budget);
    for (let call = 0; call < 1_000; call++) budget.deposit();
    expect(Math.abs(drain(budget) - 200)).toBeLessThanOrEqual(1);
  });

  it('adds at most a fifth to the load, and ten a second, however long everything fails', async () => {
    const clock = new ManualClock();
    const budget = new RetryBudget(clock);
    let retries = 0;
    for (let second = 0; second < 60; second++) {
      for (let call = 0; call < 1_000; call++) {
        budget.deposit();
        for (let retry = 0; retry < 3; retry++) if (budget.withdraw()) retries++;
      }
      await clock.advance(1_000);
    }
    expect(retries).toBeGreaterThan(60_000 * 0.2);
    expect(retries).toBeLessThanOrEqual(60_000 * 0.2 + 60 * 10 + 100);
  });

  it('ages by steps that are too short to be seen, too', () => {
    const clock = new ManualClock();
    const budget = new RetryBudget(clock, { ratio: 0, perSecond: 10 });
    drain(budget);
    for (let step = 1; step <= 10_000; step++) budget.deposit(clock.nowMs() + step / 10);
    // What is added up in ten thousand steps may miss the last of them.
    expect([9, 10]).toContain(drain(budget));
  });

  it('stands still with a clock that goes back', () => {
    const clock = new ManualClock();
    const budget = new RetryBudget(clock);
    drain(budget);
    budget.deposit(clock.nowMs() + 1_000);
    budget.deposit(clock.nowMs());
    budget.deposit(clock.nowMs() + 1_000);
    expect(drain(budget)).toBe(10);
  });

  it('saves no more than ten seconds’ worth of calls', async () => {
    const clock = new ManualClock();
    const budget = new RetryBudget(clock);
    for (let second = 0; second < 600; second++) {
      for (let call = 0; call < 100; call++) budget.deposit();
      await clock.advance(1_000);
    }
    expect(drain(budget)).toBeLessThanOrEqual(100 + 0.2 * 1_100);
  });
});
