import { describe, expect, it } from '@jest/globals';
import { LimitBucket } from './limit-bucket.js';
import type { LimitReading } from './read-limits.js';

/** 60 a second, so that 100 ms of cushion are 6 units. */
const LIMIT = 3600;

/** A bucket that has learnt its limit at time 0 from the answer to one request. */
function known(remaining: number, { limit = LIMIT, roundedBy = 0, ownShare = 1 } = {}): LimitBucket {
  const bucket = new LimitBucket('at_once', roundedBy, ownShare);
  bucket.learn({ limit, remaining }, bucket.take(1, 0), 0);
  return bucket;
}

describe('before a header names the limit', () => {
  it('nothing limits', () => {
    const bucket = new LimitBucket('at_once', 0, 1);
    for (let n = 0; n < 1000; n++) bucket.take(1, 0);
    expect([bucket.freeAtMs(1_000_000, 5), bucket.leftAt(5), bucket.perMs, bucket.limit]).toEqual([
      5,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([[{ remaining: 3 }], [{}]])('%j does not', (reading: LimitReading) => {
    const bucket = new LimitBucket('at_once', 0, 1);
    bucket.learn(reading, bucket.take(1, 0), 0);
    expect(bucket.freeAtMs(1, 0)).toBe(0);
  });
});

describe('what the first header teaches', () => {
  it.each<[what: string, remaining: number, sentSince: number, atMs: number, left: number]>([
    ['all that remains, if nothing else was sent', 40, 0, 0, 40],
    ['less what was sent since', 40, 15, 0, 25],
    ['what came in meanwhile counts against that', 40, 75, 1000, 25],
    ['but is no more than what remains', 40, 0, 1000, 40],
    ['what was sent in ignorance is over in half a second', 40, 5000, 0, -30],
  ])('%s', (_what, remaining, sentSince, atMs, left) => {
    const bucket = new LimitBucket('at_once', 0, 1);
    const draw = bucket.take(1, 0);
    for (let n = 0; n < sentSince; n++) bucket.take(1, 0);
    bucket.learn({ limit: LIMIT, remaining }, draw, atMs);
    expect(bucket.leftAt(atMs)).toBeCloseTo(left);
  });

  it('without `remaining` it spaces: one, then one at a time', () => {
    const bucket = new LimitBucket('at_once', 0, 1);
    bucket.learn({ limit: LIMIT }, bucket.take(1, 0), 0);
    const first = bucket.freeAtMs(1, 0);
    bucket.take(1, first);
    expect(first).toBeGreaterThan(16);
    expect(bucket.freeAtMs(1, first) - first).toBeGreaterThanOrEqual(1000 / 60);
  });

  it('tokens are rounded: the last thousand may be five hundred', () => {
    expect(known(2000, { roundedBy: 500 }).leftAt(0)).toBe(1500);
  });
});

describe('then', () => {
  it('allows the burst that remains, but for a cushion', () => {
    const bucket = known(40);
    let burst = 0;
    for (; bucket.freeAtMs(1, 0) <= 0; burst++) bucket.take(1, 0);
    expect(burst).toBe(34);
  });

  it('never fills above what `remaining` has proven', () => {
    const bucket = known(40);
    expect(bucket.leftAt(3_600_000)).toBe(40);
    bucket.learn({ limit: LIMIT, remaining: 70 }, bucket.take(1, 3_600_000), 3_600_000);
    for (let n = 0; n < 70; n++) bucket.take(1, 3_600_000);
    expect(bucket.leftAt(7_200_000)).toBe(70);
  });

  it('lets go at the limit’s rate', () => {
    const bucket = known(40);
    let nowMs = 0;
    let sent = 0;
    for (; nowMs < 60_000; nowMs = Math.max(nowMs + 1, bucket.freeAtMs(1, nowMs)), sent++) bucket.take(1, nowMs);
    expect(sent).toBeGreaterThanOrEqual(LIMIT);
    expect(sent).toBeLessThanOrEqual(LIMIT + 40);
  });

  it('what exceeds the bucket may go when it is full', () => {
    const bucket = known(40);
    expect(bucket.freeAtMs(1_000, 0)).toBeLessThan(1_000);
    bucket.take(1_000, 1_000);
    expect(bucket.freeAtMs(1, 1_000)).toBeCloseTo(1_000 + (960 + 7) / 0.06);
  });

  it('a clock that goes back stands still', () => {
    const bucket = known(40);
    bucket.take(20, 1_000);
    expect(bucket.leftAt(0)).toBe(20);
  });

  it('a new limit begins anew', () => {
    const bucket = known(40);
    bucket.learn({ limit: 60, remaining: 5 }, bucket.take(1, 0), 0);
    expect([bucket.limit, bucket.perMs, bucket.leftAt(60_000)]).toEqual([60, 0.001, 5]);
  });

  it('forgotten, it limits nothing', () => {
    const bucket = known(1);
    bucket.forget();
    expect(bucket.freeAtMs(1_000, 3)).toBe(3);
  });
});

describe('a header corrects only what it contradicts', () => {
  it('written at sending, it does not take back what came in since', () => {
    const bucket = known(50);
    const draws = Array.from({ length: 50 }, () => bucket.take(1, 1000));
    draws.forEach((draw, n) => bucket.learn({ limit: LIMIT, remaining: 49 - n }, draw, 4000));
    expect(bucket.leftAt(4000)).toBe(50);
  });

  it('written at the answer, it does not give back what went since', () => {
    const bucket = known(50);
    const draw = bucket.take(1, 1000);
    for (let n = 0; n < 49; n++) bucket.take(1, 3000);
    bucket.learn({ limit: LIMIT, remaining: 49 }, draw, 3000);
    expect(bucket.leftAt(3000)).toBeCloseTo(1);
  });

  it('less than we ever thought there was: others take, too', () => {
    const bucket = known(50);
    const draw = bucket.take(1, 0);
    bucket.learn({ limit: LIMIT, remaining: 20 }, draw, 0);
    expect(bucket.leftAt(0)).toBe(20);
    bucket.learn({ limit: LIMIT, remaining: 20 }, draw, 0);
    expect(bucket.leftAt(0)).toBe(20);
  });

  it('more than we think, whatever was sent since', () => {
    const bucket = known(50);
    for (let n = 0; n < 50; n++) bucket.take(1, 0);
    const draw = bucket.take(1, 0);
    bucket.take(1, 0);
    bucket.learn({ limit: LIMIT, remaining: 30 }, draw, 0);
    expect(bucket.leftAt(0)).toBe(29);
  });

  it('with a share of our own, what others leave is not ours', () => {
    const bucket = known(50, { ownShare: 0.5 });
    expect(bucket.leftAt(0)).toBe(25);
    for (let n = 0; n < 20; n++) bucket.take(1, 0);
    bucket.learn({ limit: LIMIT, remaining: 50 }, bucket.take(1, 0), 0);
    expect(bucket.leftAt(0)).toBe(4);
  });

  it('answers to what was sent under another limit take nothing away', () => {
    const bucket = known(50);
    const old = bucket.take(1, 0);
    bucket.learn({ limit: 7200, remaining: 100 }, bucket.take(1, 0), 0);
    bucket.learn({ limit: 7200, remaining: 10 }, old, 0);
    expect(bucket.leftAt(0)).toBe(100);
  });
});

describe('when a request ends', () => {
  it.each([
    ['used less', 30, 70],
    ['used more', 60, 40],
    ['as estimated, or nobody knows', undefined, 50],
    ['was refused', 0, 100],
  ])('%s', (_what, used, left) => {
    const bucket = known(100);
    bucket.settle(bucket.take(50, 0), used);
    expect(bucket.leftAt(0)).toBe(left);
  });

  it('answer tokens that are still to come are not given away, whatever remains now', () => {
    const bucket = new LimitBucket('as_produced', 0, 1);
    bucket.learn({ limit: LIMIT, remaining: 1000 }, bucket.take(0, 0), 0);
    for (let n = 0; n < 9; n++) bucket.take(100, 0);
    const draw = bucket.take(50, 0);
    bucket.settle(draw, 50);
    bucket.learn({ limit: LIMIT, remaining: 990 }, draw, 0);
    expect(bucket.leftAt(0)).toBe(90);
  });
});

describe('after a 429', () => {
  it('what is used up is used up', () => {
    const bucket = known(40);
    bucket.exhausted(0, bucket.take(1, 0), 0);
    expect(bucket.leftAt(0)).toBe(0);
  });

  it('that we could not foresee, others draw from it: part of its rate is theirs', () => {
    const bucket = known(40);
    bucket.exhausted(0, bucket.take(1, 0), 5);
    expect(bucket.perMs).toBeCloseTo(0.06 * 0.8);
    expect(bucket.leftAt(105)).toBeCloseTo(4.8);
  });

  it('of what was sent before the limit was known, nobody is to blame', () => {
    const bucket = new LimitBucket('at_once', 0, 1);
    const draws = [bucket.take(1, 0), bucket.take(1, 0)] as const;
    bucket.learn({ limit: LIMIT, remaining: 0 }, draws[0], 5);
    bucket.exhausted(0, draws[1], 5);
    expect(bucket.perMs).toBe(0.06);
  });

  it('a burst that the headers allowed is mistrusted, once for all that were sent together, and tried again later', () => {
    const bucket = known(40);
    const draws = [bucket.take(1, 1), bucket.take(1, 1)];
    draws.forEach((draw) => bucket.mistrustBurst(draw, 5));
    expect(bucket.leftAt(60_000)).toBe(10);
    bucket.learn({ limit: LIMIT, remaining: 40 }, bucket.take(5, 60_000), 60_000);
    expect(bucket.leftAt(60_000)).toBe(5);
    bucket.learn({ limit: LIMIT, remaining: 40 }, bucket.take(1, 301_000), 301_000);
    expect(bucket.leftAt(400_000)).toBe(20);
    bucket.learn({ limit: LIMIT, remaining: 40 }, bucket.take(1, 10_000_000), 10_000_000);
    expect(bucket.leftAt(11_000_000)).toBe(40);
  });

  it('never below one', () => {
    const bucket = known(1);
    bucket.mistrustBurst(bucket.take(1, 1), 2);
    expect(bucket.leftAt(60_000)).toBe(1);
  });
});
