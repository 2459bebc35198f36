import { describe, expect, it } from '@jest/globals';
import { ConcurrencyLimit } from './concurrency-limit.js';

const learnt = (underWay: number): ConcurrencyLimit => {
  const limit = new ConcurrencyLimit(Infinity);
  limit.refused(1, underWay, 2);
  return limit;
};
const succeed = (limit: ConcurrencyLimit, times: number, underWay = limit.value) => {
  for (let n = 0; n < times; n++) limit.succeeded(underWay);
};

describe('ConcurrencyLimit', () => {
  it('one that is refused alone teaches nothing: there were not too many of them', () => {
    const limit = new ConcurrencyLimit(Infinity);
    limit.refused(1, 1, 2);
    expect([limit.value, limit.learnt]).toEqual([Infinity, undefined]);
  });

  it('is what the option says until a 429 teaches more', () => {
    const limit = new ConcurrencyLimit(20);
    expect([limit.value, limit.learnt]).toEqual([20, undefined]);
    limit.refused(1, 16, 2);
    expect([limit.value, limit.learnt]).toEqual([8, 8]);
  });

  it.each([
    [60, 30],
    [3, 1],
  ])('%i under way refused: %i', (underWay, value) => {
    expect(learnt(underWay).value).toBe(value);
  });

  it('refusals of what was sent before it was lowered are the same event', () => {
    const limit = learnt(200);
    for (let n = 0; n < 199; n++) limit.refused(2, 200, 3);
    expect(limit.value).toBe(100);
    limit.refused(3, 100, 4);
    expect(limit.value).toBe(50);
  });

  it('one more for a round of successes, while it is in use', () => {
    const limit = learnt(20);
    succeed(limit, 9);
    expect(limit.value).toBe(10);
    succeed(limit, 100, 9);
    expect(limit.value).toBe(10);
    succeed(limit, 1);
    expect(limit.value).toBe(11);
  });

  it('takes its time where it failed', () => {
    const limit = learnt(2);
    succeed(limit, 9);
    expect(limit.value).toBe(1);
    succeed(limit, 1);
    expect(limit.value).toBe(2);
  });

  it('is forgotten at twice what was refused', () => {
    const limit = learnt(4);
    for (let n = 0; n < 1_000; n++) succeed(limit, 1, 100);
    expect(limit.value).toBe(Infinity);
  });
});
