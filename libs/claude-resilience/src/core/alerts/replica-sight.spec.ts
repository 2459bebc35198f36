import { describe, expect, it } from '@jest/globals';
import { mergeSights, tellSight, type ReplicaSight } from './replica-sight.js';

const NOW_MS = 1_000_000;
const WELL: ReplicaSight = {
  circuits: [{ circuit: 'chat', state: 'closed', notClosedForMs: 0 }],
  accounts: [{ account: 'anthropic' }],
};
const merged = (own: ReplicaSight, ...others: readonly ReplicaSight[]) => {
  const told = others.map((other) => JSON.parse(JSON.stringify(tellSight(other, NOW_MS - 500))) as unknown);
  return mergeSights(own, told, NOW_MS);
};

const circuitAt = (nowMs: number) =>
  tellSight({ ...WELL, circuits: [{ circuit: 'chat', state: 'open', notClosedForMs: nowMs - 7 }] }, nowMs);

const circuitThat = (state: 'open' | 'half_open' | 'held', notClosedForMs: number): ReplicaSight => ({
  ...WELL,
  circuits: [{ circuit: 'chat', state, notClosedForMs }],
});

describe('what replicas see, together (issue 9)', () => {
  it('is their own where others are well', () => {
    expect(merged(WELL, WELL, WELL)).toEqual(WELL);
  });

  it.each([
    ['open elsewhere', WELL, 'open', 60_000, { state: 'open', notClosedForMs: 60_500 }],
    ['held elsewhere', WELL, 'held', 60_000, { state: 'held', notClosedForMs: 60_500 }],
  ] as const)('a circuit that is %s', (_what, own, state, notClosedForMs, found) => {
    const other = { ...WELL, circuits: [{ circuit: 'chat', state, notClosedForMs }] };
    expect(merged(own, other).circuits).toEqual([{ circuit: 'chat', ...found }]);
    expect(merged(other, WELL).circuits[0]?.state).toBe(state);
  });

  it('the gravest and the longest of several counts, whoever is asked', () => {
    const found = [{ circuit: 'chat', state: 'open', notClosedForMs: 90_500 }];
    expect(
      merged(circuitThat('held', 10), circuitThat('half_open', 90_000), circuitThat('open', 5_000)).circuits,
    ).toEqual(found);
    expect(merged(circuitThat('open', 10), circuitThat('held', 90_000)).circuits).toEqual(found);
  });

  it('a credential that one replica cannot use is told of all', () => {
    const other: ReplicaSight = {
      ...WELL,
      accounts: [{ account: 'anthropic', stoppedBy: 'billing', accessReturnsAtMs: 5 }],
    };
    expect(merged(WELL, other).accounts).toEqual(other.accounts);
    expect(merged({ ...WELL, accounts: [{ account: 'anthropic', stoppedBy: 'permission' }] }, other).accounts).toEqual([
      { account: 'anthropic', stoppedBy: 'permission' },
    ]);
  });

  it('the longest queue speaks for all, and the oldest request', () => {
    const short = { ...WELL, queue: { waiting: 5, waitingBefore: 4, oldestMs: 80_000 } };
    const long = { ...WELL, queue: { waiting: 90, oldestMs: 1_000 } };
    expect(merged(short, long).queue).toEqual({ waiting: 90, oldestMs: 80_000 });
    expect(merged(long, short).queue).toEqual({ waiting: 90, oldestMs: 80_500 });
    expect(merged(WELL, { ...WELL, queue: { waiting: 0, oldestMs: 0 } }).queue).toEqual({ waiting: 0, oldestMs: 0 });
  });

  it('is told in the same words while nothing happens', () => {
    expect(circuitAt(5_000)).toEqual(circuitAt(9_000));
  });

  it.each([
    [undefined],
    [null],
    ['x'],
    [[]],
    [{ circuits: 'x', accounts: [1, null, []], queue: [1] }],
    [
      {
        circuits: [
          ['chat', 'closed', 1],
          [1, 'open', 1],
          ['chat', 'open', 'x'],
        ],
      },
    ],
    [
      {
        accounts: [
          ['anthropic', 'nonsense', 1],
          [1, 'billing', 1],
        ],
        queue: ['x', null, 3],
      },
    ],
  ])('of what makes no sense nothing is taken: %j', (told) => {
    expect(mergeSights(WELL, [told], NOW_MS)).toEqual(WELL);
  });
});
