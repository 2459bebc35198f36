import { describe, expect, it } from '@jest/globals';
import type { AlertDeskState } from './alert-desk-state.js';
import type { AlertRecord, Telling } from './alert-record.js';
import { joinAlertStates, joinRecords } from './join-alert-states.js';

const JOINT_MS = 100;

function record(key: string, told: Readonly<Record<string, readonly [Telling['state'], number]>>): AlertRecord {
  const tellings = Object.entries(told).map(([sink, [state, atMs]]) => [sink, { state, atMs, groupKey: key }]);
  return {
    key,
    rule: 'error_rate',
    labels: {},
    severity: 'error',
    timing: { pendingMs: 0, clearMs: 0 },
    figures: { value: 1, threshold: 0, unit: 'ratio' },
    summary: key,
    state: { name: 'firing', sinceMs: 1 },
    dataAtMs: 1,
    told: Object.fromEntries(tellings) as AlertRecord['told'],
  };
}

const state = (atMs: number, ...records: readonly AlertRecord[]): AlertDeskState => ({
  version: 1,
  atMs,
  wasOpen: true,
  records,
  silences: [],
  missed: [],
  missedLeft: 0,
});
const joined = (kept: AlertDeskState | undefined, own: AlertDeskState | undefined) =>
  joinAlertStates(kept, own, JOINT_MS)?.records.map(({ key, told }) => [
    key,
    Object.entries(told).map(([sink, one]) => `${sink} ${one.state}`),
  ]);

describe('whoever takes over goes by (R37; issue 9)', () => {
  const a = record('a', { pager: ['told', 90] });
  const b = record('b', { pager: ['told', 150] });

  it.each<[string, AlertDeskState | undefined, AlertDeskState | undefined, unknown]>([
    ['nothing, where nobody knows anything', undefined, undefined, undefined],
    ['what was kept, at the start', state(120, a), undefined, [['a', ['pager told']]]],
    ['what it knows, where nothing is kept', undefined, state(120, a), [['a', ['pager told']]]],
    ['what was kept, where that is newer', state(130), state(120, a), []],
    ['what it knows, where that is newer', state(120), state(130, a), [['a', ['pager told']]]],
    ['what was kept, and what it told since they were one', state(130), state(120, b), [['b', ['pager told']]]],
    [
      'what it knows, and what the other one told since',
      state(120, b),
      state(130, a),
      [
        ['a', ['pager told']],
        ['b', ['pager told']],
      ],
    ],
    [
      'what was on its way of its own, as unsure',
      undefined,
      state(1, record('a', { pager: ['sending', 1] })),
      [['a', ['pager unsure']]],
    ],
  ])('%s', (_what, kept, own, found) => {
    expect(joined(kept, own)).toEqual(found);
  });

  it('what both told of one alert is of both, and what the base says of a sink counts', () => {
    const base = record('a', { pager: ['told', 150] });
    const other = record('a', {
      pager: ['unsure', 160],
      chat: ['told', 150],
      mail: ['failed', 150],
      old: ['told', 50],
    });
    const [one, ...more] = joinRecords([base], [other], JOINT_MS);
    expect(more).toEqual([]);
    expect(Object.entries(one?.told ?? {}).map(([sink, telling]) => [sink, telling.state])).toEqual(
      expect.arrayContaining([
        ['pager', 'told'],
        ['chat', 'told'],
      ]),
    );
    expect(Object.keys(one?.told ?? {})).toHaveLength(2);
  });
});
