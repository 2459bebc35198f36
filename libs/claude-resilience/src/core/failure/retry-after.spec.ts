import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRetryAfter } from './retry-after.js';

const WALL_MS = Date.UTC(2026, 10, 22);
const HUGE = '9'.repeat(400);

describe('readRetryAfter (R8)', () => {
  // oxfmt-ignore
  it.each<[what: string, ms: string | undefined, seconds: string | undefined, expected: number | undefined]>([
    ['nothing',                         undefined, undefined,                         undefined],
    ['seconds',                         undefined, '20',                              20_000],
    ['seconds with spaces',             undefined, ' 20 ',                            20_000],
    ['fractional seconds',              undefined, '1.5',                             1500],
    ['a fraction of a ms rounds up',    undefined, '0.0001',                          1],
    ['milliseconds',                    '1500',    undefined,                         1500],
    ['fractional ms rounds up',         '1500.2',  undefined,                         1501],
    ['ms before seconds',               '250',     '20',                              250],
    ['unreadable ms: seconds',          'soon',    '20',                              20_000],
    ['zero ms: seconds',                '0',       '20',                              20_000],
    ['negative ms: seconds',            '-5',      '20',                              20_000],
    ['empty ms: seconds',               '',        '20',                              20_000],
    ['a date ahead of the wall clock',  undefined, 'Sun, 22 Nov 2026 00:00:10 GMT',   10_000],
    ['an old form of a date',           undefined, 'Sunday, 22-Nov-26 00:00:10 GMT',  10_000],
    ['a date of asctime',               undefined, 'Sun Nov 22 00:00:10 2026',        10_000],
    ['a date that is now',              undefined, 'Sun, 22 Nov 2026 00:00:00 GMT',   undefined],
    ['a date that is past',             undefined, 'Sat, 21 Nov 2026 23:59:59 GMT',   undefined],
    ['a date that does not exist',      undefined, 'Sun, 99 Foo 2026 00:00:00 GMT',   undefined],
    ['zero',                            undefined, '0',                               undefined],
    ['negative seconds',                undefined, '-1',                              undefined],
    ['empty',                           undefined, '',                                undefined],
    ['words',                           undefined, 'soon',                            undefined],
    ['words that a lenient parser dates', undefined, 'wait 40',                       undefined],
    ['a date of ISO 8601, which HTTP does not have', undefined, '2026-11-22T00:00:10Z', undefined],
    ['seconds with a unit',             undefined, '30s',                             undefined],
    ['two numbers',                     undefined, '30, 60',                          undefined],
    ['an exponent',                     undefined, '1e3',                             undefined],
    ['infinite ms',                     'Infinity', undefined,                        undefined],
    ['more seconds than a number holds', undefined, HUGE,                             undefined],
    ['more ms than a number holds',     HUGE,      undefined,                         undefined],
    ['long, but a number',              undefined, '62291',                           62_291_000],
  ])('%s', (_what, ms, seconds, expected) => {
    const local = seconds === 'Sun Nov 22 00:00:10 2026' ? new Date(WALL_MS).getTimezoneOffset() * 60_000 : 0;
    expect(readRetryAfter(ms, seconds, WALL_MS + local)).toBe(expected);
  });

  it('measures a date against the wall clock it is given', () => {
    const date = 'Sun, 22 Nov 2026 00:01:00 GMT';
    expect([0, 59_999.5, 60_000].map((ms) => readRetryAfter(undefined, date, WALL_MS + ms))).toEqual([
      60_000,
      1,
      undefined,
    ]);
  });

  it('gives nothing, or whole milliseconds above zero, whatever the headers hold', () => {
    const header = fc.option(
      fc.oneof(
        fc.string(),
        fc.double().map(String),
        fc.integer().map(String),
        fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(header, header, fc.integer({ min: 0, max: 4e12 }), (ms, seconds, wallMs) => {
        const read = readRetryAfter(ms, seconds, wallMs);
        return read === undefined || (Number.isInteger(read) && read > 0);
      }),
      { numRuns: 10_000, seed: 20261122 },
    );
  });
});
