import { expect, it } from '@jest/globals';
import { RateMeter } from './rate-meter.js';

it('counts the last seconds, and no more', () => {
  const meter = new RateMeter(5_000);
  for (let nowMs = 0; nowMs < 20_000; nowMs += 20) meter.count(nowMs);
  expect(meter.perSecond(19_999)).toBe(50);
  expect(meter.perSecond(22_499)).toBe(25);
  expect(meter.perSecond(30_000)).toBe(0);
  meter.count(100_000);
  expect(meter.perSecond(100_000)).toBe(0.2);
});

it('stands still when the clock goes back', () => {
  const meter = new RateMeter(1_000);
  meter.count(5_000);
  meter.count(10);
  expect(meter.perSecond(4_000)).toBe(2);
});
