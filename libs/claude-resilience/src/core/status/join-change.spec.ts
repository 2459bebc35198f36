import { expect, it } from '@jest/globals';
import { joinChange } from './join-change.js';
import type { StatusChange } from './status-change.js';

type Row = readonly [what: StatusChange['what'], atMs: number, about?: string];

const told = (rows: readonly Row[]) =>
  rows
    .map(([what, atMs, about = 'a']): StatusChange => {
      return { what, about, atMs, lastAtMs: atMs, times: 1, severity: 'degraded', why: '' };
    })
    .reduce<readonly StatusChange[]>(joinChange, [])
    .map(({ what, about, times, atMs, lastAtMs }) => `${about} ${what} x${times} ${atMs}-${lastAtMs}`);

it.each<[name: string, rows: readonly Row[], lines: readonly string[]]>([
  [
    'the newest first',
    [
      ['opened', 1],
      ['probe', 2],
      ['closed', 3],
    ],
    ['a closed x1 3-3', 'a probe x1 2-2', 'a opened x1 1-1'],
  ],
  [
    'the rounds of an outage are two lines, however long it lasts',
    [
      ['opened', 1],
      ['probe', 2],
      ['probe_failed', 3],
      ['probe', 4],
      ['probe_failed', 5],
      ['probe', 6],
    ],
    ['a probe_failed x2 3-5', 'a probe x3 2-6', 'a opened x1 1-1'],
  ],
  [
    'another outage begins its own',
    [
      ['opened', 1],
      ['probe', 2],
      ['closed', 3],
      ['opened', 4],
      ['probe', 5],
    ],
    ['a probe x1 5-5', 'a opened x1 4-4', 'a closed x1 3-3', 'a probe x1 2-2', 'a opened x1 1-1'],
  ],
  [
    'features are told apart',
    [
      ['opened', 1, 'a'],
      ['opened', 2, 'b'],
      ['probe', 3, 'a'],
      ['probe', 4, 'b'],
      ['probe', 5, 'a'],
    ],
    ['b probe x1 4-4', 'a probe x2 3-5', 'b opened x1 2-2', 'a opened x1 1-1'],
  ],
  [
    'rate limits of one spell are one line, those of another one more',
    [
      ['rate_limited', 1],
      ['rate_limited', 200_000],
      ['rate_limited', 600_000],
    ],
    ['a rate_limited x1 600000-600000', 'a rate_limited x2 1-200000'],
  ],
  [
    'what people do is never joined',
    [
      ['held_open', 1],
      ['held_open', 2],
    ],
    ['a held_open x1 2-2', 'a held_open x1 1-1'],
  ],
])('changes as a story: %s (R36)', (_name, rows, lines) => {
  expect(told(rows)).toEqual(lines);
});
