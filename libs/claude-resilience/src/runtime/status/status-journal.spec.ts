import { describe, expect, it } from '@jest/globals';
import type { ClaudeCall } from '../../core/call.js';
import type { FailureKind } from '../../core/failure/failure.js';
import { StatusJournal, type JournalEvent } from './status-journal.js';

const callOf = (over: object = {}) => ({ id: 'c', feature: 'chat', workflow: 'chat', ...over }) as ClaudeCall;
const attempt = (kind: FailureKind, failure: object = {}, call = callOf()) =>
  ({
    type: 'attempt.failed',
    call,
    target: { bucket: 'anthropic:opus' },
    failure: { kind, verdict: 'failure', rule: kind, ...failure },
  }) as unknown as JournalEvent;
const ended = (over: object = {}, failure?: object) =>
  ({
    type: 'call.completed',
    call: callOf(over),
    attempts: 1,
    durationMs: 5,
    ...(failure && { failure: { rule: 'x', ...failure } }),
  }) as unknown as JournalEvent;

function journalOf(...events: readonly JournalEvent[]): StatusJournal {
  const journal = new StatusJournal();
  for (const [atMs, event] of events.entries()) journal.hear(event, atMs);
  return journal;
}

describe('what the status page remembers (R36)', () => {
  it('the newest failures first, and no more than 50 of them', () => {
    const failed = Array.from({ length: 120 }, (_, n) => ended({ id: `c-${n}` }, { kind: 'overloaded' }));
    const { failures } = journalOf(...failed);
    expect(failures.map(({ correlationId }) => correlationId)).toEqual(
      Array.from({ length: 50 }, (_, n) => `c-${119 - n}`),
    );
    expect(failures[0]).toEqual({
      atMs: 119,
      correlationId: 'c-119',
      feature: 'chat',
      workflow: 'chat',
      kind: 'overloaded',
      rule: 'x',
      attempts: 1,
      durationMs: 5,
    });
  });

  it.each<[what: string, failure: object]>([
    ['given up', { kind: 'cancelled' }],
    ['refused by the circuit', { kind: 'circuit_open' }],
    ['held back', { kind: 'billing', isHeld: true }],
  ])('calls that were %s are no failures', (_what, failure) => {
    expect(journalOf(ended({}, failure)).failures).toEqual([]);
  });

  it('the id of the last request that the API named, where the end of the call has none', () => {
    const call = callOf();
    const failed = { type: 'call.completed', call, attempts: 2, durationMs: 5 };
    const timeout = { ...failed, failure: { kind: 'timeout', rule: 'deadline' } } as unknown as JournalEvent;
    const journal = journalOf(attempt('overloaded', { requestId: 'req_1' }, call), timeout);
    expect(journal.failures[0]?.requestId).toBe('req_1');
  });

  it.each<[kinds: readonly FailureKind[], cause: FailureKind | undefined]>([
    [[], undefined],
    [['timeout', 'overloaded', 'timeout'], 'timeout'],
    [['timeout', 'overloaded'], 'overloaded'],
    [
      [
        ...Array.from({ length: 40 }, () => 'timeout' as const),
        ...Array.from({ length: 16 }, () => 'overloaded' as const),
      ],
      'overloaded',
    ],
  ])('the cause is what most of the last 30 failures were, or the newest of them: %j', (kinds, cause) => {
    expect(journalOf(...kinds.map((kind) => attempt(kind))).causeOf('chat')).toBe(cause);
  });

  it('failures of more than two minutes before the newest are no cause', () => {
    const journal = new StatusJournal();
    for (const atMs of [0, 1, 2]) journal.hear(attempt('timeout'), atMs);
    journal.hear(attempt('overloaded'), 120_003);
    expect(journal.causeOf('chat')).toBe('overloaded');
  });

  it('workflows of each feature, whatever the order of calls, and when one was served last', () => {
    const ofWorkflow = (workflow: string, feature = 'chat') => ended({ workflow, feature });
    const journal = journalOf(
      ofWorkflow('a'),
      ofWorkflow('a'),
      ofWorkflow('b'),
      ofWorkflow('a', 'search'),
      ofWorkflow('a'),
      ended({}, { kind: 'timeout' }),
    );
    expect([...journal.workflowsOf('chat')]).toEqual(['chat', 'a', 'b']);
    expect([...journal.workflowsOf('search')]).toEqual(['search', 'a']);
    expect(journal.lastSuccessMs).toBe(4);
  });
});
