import { describe, expect, it } from '@jest/globals';
import type { BatchSight } from './batch-transport.port.js';
import { CLOCK_DIFFERENCE_MS, findSuspects } from './find-suspects.js';

const SENT = 1_000_000_000;
const WITHIN = 1_000;
const sight = (over: Partial<BatchSight>): BatchSight => ({
  batchId: 'b',
  createdAtMs: SENT,
  status: 'in_progress',
  requests: 3,
  ...over,
});

describe('findSuspects (R12)', () => {
  // oxfmt-ignore
  const rows: [string, Partial<BatchSight>, boolean][] = [
    ['created then, as many',                {},                                                          true],
    ['one more',                             { requests: 4 },                                             false],
    ['known to be another',                  { batchId: 'known' },                                        false],
    ['over already',                         { status: 'ended' },                                         true],
    ['by a clock that is behind',            { createdAtMs: SENT - CLOCK_DIFFERENCE_MS },                 true],
    ['too early for any clock',              { createdAtMs: SENT - CLOCK_DIFFERENCE_MS - 1 },             false],
    ['by a clock that is ahead, and slow',   { createdAtMs: SENT + WITHIN + CLOCK_DIFFERENCE_MS },        true],
    ['too late for any clock',               { createdAtMs: SENT + WITHIN + CLOCK_DIFFERENCE_MS + 1 },    false],
    ['nobody says when',                     { createdAtMs: undefined },                                  true],
  ];
  it.each(rows)('%s', (_name, over, isSuspect) => {
    const missed = { sentAtMs: SENT, withinMs: WITHIN, requests: 3, knownIds: new Set(['known']) };
    const found = findSuspects([sight({ batchId: 'other', requests: 1 }), sight(over)], missed);
    expect(found).toEqual(isSuspect ? [over.batchId ?? 'b'] : []);
  });
});
