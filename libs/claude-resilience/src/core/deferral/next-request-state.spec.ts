import { describe, expect, it } from '@jest/globals';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type {
  ExpiredState,
  FailedState,
  RequestFailure,
  RequestState,
  RunningState,
  WaitingState,
} from './deferred-request.js';
import { nextRequestState, readyAtMs, type RequestEvent, type StepRefusal } from './next-request-state.js';

const DEADLINE = 10_000;
const BUSY: RequestFailure = diagnoseFailure({ from: 'response', status: 529 }, 0);
const SERVER: RequestFailure = diagnoseFailure({ from: 'response', status: 500 }, 0);

const waiting = (over: Partial<WaitingState> = {}): WaitingState => ({
  name: 'waiting',
  attempts: 1,
  fencingNumber: 3,
  notBeforeMs: 1000,
  answerJson: undefined,
  lastFailure: BUSY,
  ...over,
});
const running = (over: Partial<RunningState> = {}): RunningState => ({
  name: 'running',
  attempts: 2,
  fencingNumber: 4,
  startedAtMs: 2000,
  leaseUntilMs: 5000,
  answerJson: undefined,
  lastFailure: BUSY,
  ...over,
});
const failed = (over: Partial<FailedState> = {}): FailedState => ({
  name: 'failed',
  attempts: 2,
  fencingNumber: 4,
  endedAtMs: 6000,
  failure: SERVER,
  answerJson: undefined,
  redrivenAs: undefined,
  ...over,
});
const expired = (over: Partial<ExpiredState> = {}): ExpiredState => ({
  name: 'expired',
  attempts: 1,
  fencingNumber: 3,
  endedAtMs: 10_000,
  lastFailure: BUSY,
  redrivenAs: undefined,
  ...over,
});
const succeeded: RequestState = { name: 'succeeded', attempts: 2, fencingNumber: 4, endedAtMs: 6000, resultJson: '1' };
const cancelled: RequestState = { name: 'cancelled', attempts: 2, fencingNumber: 4, endedAtMs: 6000 };
const answered = { answerJson: '"paid"' };

const claimed = (nowMs: number): RequestEvent => ({ type: 'claimed', nowMs, leaseMs: 3000 });
const renewed = (nowMs: number, fencingNumber = 4): RequestEvent => ({ type: 'renewed', fencingNumber, nowMs, leaseMs: 3000 }); // oxfmt-ignore
const answeredNow = (fencingNumber = 4): RequestEvent => ({ type: 'answered', fencingNumber, answerJson: '"new"' });
const completed = (fencingNumber = 4): RequestEvent => ({ type: 'completed', fencingNumber, nowMs: 6000, resultJson: '1' }); // oxfmt-ignore
const failing = (retryAtMs?: number, fencingNumber = 4): RequestEvent => ({ type: 'failed', fencingNumber, nowMs: 6000, failure: SERVER, retryAtMs }); // oxfmt-ignore
const released = (fencingNumber = 4): RequestEvent => ({ type: 'released', fencingNumber, nowMs: 6000 });
const cancel: RequestEvent = { type: 'cancelled', nowMs: 6000 };
const expire = (nowMs: number): RequestEvent => ({ type: 'expired', nowMs });
const redriven: RequestEvent = { type: 'redriven', asId: 'again' };
const discard: RequestEvent = { type: 'discarded' };

describe('what becomes of a deferred request (R10)', () => {
  // oxfmt-ignore
  it.each<[what: string, from: RequestState, event: RequestEvent, to: RequestState]>([
    ['one that waits is started at its moment',     waiting(), claimed(1000), running({ startedAtMs: 1000, leaseUntilMs: 4000 })],
    ['just before the deadline too',                waiting(), claimed(9999), running({ startedAtMs: 9999, leaseUntilMs: 12_999 })],
    ['after it when only our own part is left',     waiting(answered), claimed(10_000), running({ startedAtMs: 10_000, leaseUntilMs: 13_000, ...answered })],
    ['somebody else takes over when the lease is over', running(answered), claimed(5000), running({ attempts: 3, fencingNumber: 5, startedAtMs: 5000, leaseUntilMs: 8000, ...answered })],
    ['a lease grows',                               running(), renewed(4000), running({ leaseUntilMs: 7000 })],
    ['a lease never shrinks',                       running(), renewed(1000), running()],
    ['a lease that is over grows if nobody came',   running(), renewed(6000), running({ leaseUntilMs: 9000 })],
    ['the answer is kept',                          running(), answeredNow(), running({ answerJson: '"new"' })],
    ['the first answer stays',                      running(answered), answeredNow(), running(answered)],
    ['it succeeds, and needs no answer any more',   running(answered), completed(), succeeded],
    ['also when the lease is over and nobody came', running({ leaseUntilMs: 5500 }), completed(), succeeded],
    ['success said twice is one',                   succeeded, completed(), succeeded],
    ['it waits for the next try',                   running(answered), failing(7000), waiting({ attempts: 2, fencingNumber: 4, notBeforeMs: 7000, lastFailure: SERVER, ...answered })],
    ['it fails for good, and keeps what was paid for', running(answered), failing(), failed(answered)],
    ['a next try at the deadline is none',          running(), failing(10_000), expired({ attempts: 2, fencingNumber: 4, endedAtMs: 6000, lastFailure: SERVER })],
    ['but for our own part',                        running(answered), failing(10_000), waiting({ attempts: 2, fencingNumber: 4, notBeforeMs: 10_000, lastFailure: SERVER, ...answered })],
    ['handed back, it is due and was not tried',    running(answered), released(), waiting({ fencingNumber: 4, notBeforeMs: 6000, ...answered })],
    ['waiting, it is cancelled',                    waiting(), cancel, { ...cancelled, attempts: 1, fencingNumber: 3 }],
    ['running, it is cancelled',                    running(), cancel, cancelled],
    ['cancelled twice is cancelled',                cancelled, { ...cancel, nowMs: 7000 }, cancelled],
    ['waiting, it expires at the deadline',         waiting(), expire(10_000), expired()],
    ['left alone by a crash, it expires too',       running(), expire(10_000), expired({ attempts: 2, fencingNumber: 4 })],
    ['expired twice is expired',                    expired(), expire(11_000), expired()],
    ['a dead letter says what became of it',        failed(), redriven, failed({ redrivenAs: 'again' })],
    ['an expired one is a dead letter too',         expired(), redriven, expired({ redrivenAs: 'again' })],
    ['a dead letter is discarded, and keeps its end and its answer', failed(answered), discard, failed({ ...answered, isDiscarded: true })],
    ['an expired one too',                          expired(), discard, expired({ isDiscarded: true })],
    ['discarded twice is discarded',                failed({ isDiscarded: true }), discard, failed({ isDiscarded: true })],
  ])('%s', (_what, from, event, to) => {
    expect(nextRequestState(from, event, DEADLINE)).toEqual({ ok: true, state: to });
  });

  // oxfmt-ignore
  it.each<[what: string, state: RequestState, event: RequestEvent, why: StepRefusal]>([
    ['too early',                              waiting(), claimed(999), 'not_due'],
    ['too late',                               waiting(), claimed(10_000), 'not_due'],
    ['held by somebody',                       running(), claimed(4999), 'not_due'],
    ['held no more, but too late',             running(), claimed(10_000), 'not_due'],
    ['expiry before the deadline',             waiting(), expire(9999), 'not_due'],
    ['expiry while somebody is at work',       running({ leaseUntilMs: 10_001 }), expire(10_000), 'not_due'],
    ['expiry of what has its answer',          waiting(answered), expire(99_000), 'not_due'],
    ['redriving what is open',                 waiting(), redriven, 'not_dead'],
    ['redriving what succeeded',               succeeded, redriven, 'not_dead'],
    ['redriving what was cancelled',           cancelled, redriven, 'not_dead'],
    ['redriving twice',                        failed({ redrivenAs: 'x' }), redriven, 'not_dead'],
    ['redriving what was discarded',           failed({ isDiscarded: true }), redriven, 'not_dead'],
    ['discarding what is open',                waiting(), discard, 'not_dead'],
    ['discarding what is under way',           running(), discard, 'not_dead'],
    ['discarding what succeeded',              succeeded, discard, 'not_dead'],
    ['discarding what was cancelled',          cancelled, discard, 'not_dead'],
    ['discarding what was redriven',           failed({ redrivenAs: 'x' }), discard, 'not_dead'],
    ['expiry of an end',                       succeeded, expire(99_000), 'closed'],
    ['cancelling a success',                   succeeded, cancel, 'closed'],
    ['cancelling an expired one',              expired(), cancel, 'closed'],
    ['failure after success',                  succeeded, failing(), 'closed'],
    ['success after cancellation',             cancelled, completed(), 'closed'],
    ['success of an older holder, repeated',   succeeded, completed(3), 'stale'],
    ...[renewed(6000, 3), answeredNow(3), completed(3), failing(7000, 3), released(3)].map(
      (event) => [`${event.type} by an older holder`, running(), event, 'stale'] as [string, RequestState, RequestEvent, StepRefusal]),
    ...[renewed(6000, 3), answeredNow(3), completed(3), failing(7000, 3), released(3)].map(
      (event) => [`${event.type} by one who gave it back`, waiting(), event, 'stale'] as [string, RequestState, RequestEvent, StepRefusal]),
    ...[succeeded, failed(), cancelled, expired()].map(
      (state) => [`starting what has ${state.name}`, state, claimed(1000), 'closed'] as [string, RequestState, RequestEvent, StepRefusal]),
  ])('refuses: %s', (_what, state, event, why) => {
    expect(nextRequestState(state, event, DEADLINE)).toEqual({ ok: false, why });
  });

  it.each([
    [waiting(), 1000],
    [running(), 5000],
    [succeeded, undefined],
    [failed(), undefined],
    [cancelled, undefined],
    [expired(), undefined],
  ])('says when it may be claimed', (state, atMs) => {
    expect(readyAtMs(state)).toBe(atMs);
  });
});
