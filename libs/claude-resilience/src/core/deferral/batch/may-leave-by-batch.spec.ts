import { describe, expect, it } from '@jest/globals';
import type { DeferredRequest, RunningState } from '../deferred-request.js';
import { mayLeaveByBatch, type BatchSituation } from './may-leave-by-batch.js';

const RUNNING: RunningState = {
  name: 'running',
  attempts: 1,
  fencingNumber: 1,
  startedAtMs: 0,
  leaseUntilMs: 9,
  answerJson: undefined,
  lastFailure: undefined,
};
const REQUEST: Pick<DeferredRequest, 'priority' | 'deadlineMs' | 'state'> = {
  priority: 'background',
  deadlineMs: 10_000,
  state: RUNNING,
};
const SITUATION: BatchSituation = {
  nowMs: 0,
  minLeftMs: 10_000,
  wish: 'when_overloaded',
  isOverloaded: true,
  isHeld: false,
  wasInBatch: false,
};

describe('mayLeaveByBatch (R12)', () => {
  // oxfmt-ignore
  const rows: [string, Partial<typeof REQUEST>, Partial<BatchSituation>, boolean][] = [
    ['background work while 529s persist',      {},                                        {},                                        true],
    ['while they do not',                       {},                                        { isOverloaded: false },                   false],
    ['always, though they do not',              {},                                        { isOverloaded: false, wish: 'always' },   true],
    ['never',                                   {},                                        { wish: 'never' },                         false],
    ['somebody waits for it',                   { priority: 'normal' },                    { wish: 'always' },                        false],
    ['somebody waits for it badly',             { priority: 'urgent' },                    { wish: 'always' },                        false],
    ['one with an answer',                      { state: { ...RUNNING, answerJson: '1' } }, { wish: 'always' },                       false],
    ['one that nobody has claimed',             { state: { name: 'succeeded', attempts: 1, fencingNumber: 1, endedAtMs: 1, resultJson: '1' } }, {}, false],
    ['a millisecond too little time',           {},                                        { nowMs: 1 },                              false],
    ['held open by people',                     {},                                        { isHeld: true, wish: 'always' },          false],
    ['brought back by a batch',                 {},                                        { wasInBatch: true, wish: 'always' },      false],
  ];
  it.each(rows)('%s', (_name, request, situation, expected) => {
    expect(mayLeaveByBatch({ ...REQUEST, ...request }, { ...SITUATION, ...situation })).toBe(expected);
  });
});
