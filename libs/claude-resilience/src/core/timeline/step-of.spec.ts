import { expect, it } from '@jest/globals';
import { isSmooth } from './end-step.js';
import { beganAtMsOf, stepFrom } from './kept-step.js';
import { stepOf, type StepEvent } from './step-of.js';

const CALL = { id: 'call-1', feature: 'chat', workflow: 'invoices', startedAtMs: 0, priority: 'normal' };
const OF = { correlationId: 'call-1', feature: 'chat', workflow: 'invoices' };
const failure = (kind: string, rule: string, more: object = {}) => ({ kind, rule, ...more });
const failed = (of: object, endedBy?: string) => ({
  type: 'call.completed',
  call: CALL,
  outcome: 'failed',
  failure: of,
  attempts: 1,
  durationMs: 5,
  ...(endedBy !== undefined && { endedBy }),
});

it.each<[string, object, object]>([
  ['circuit', failed(failure('circuit_open', 'circuit_open')), { what: 'failed', by: 'circuit' }],
  ['caller', failed(failure('cancelled', 'caller_aborted')), { by: 'caller' }],
  ['pacing', failed(failure('rate_limited', 'waiting_room_full', { isHeld: true })), { by: 'pacing' }],
  ['budget', failed(failure('billing', 'budget_spent', { isHeld: true })), { by: 'budget', rule: 'budget_spent' }],
  ['account', failed(failure('authentication', 'invalid_key', { isHeld: true })), { by: 'account' }],
  ['diagnosis', failed(failure('invalid_request', 'x'), 'not_retryable'), { by: 'diagnosis' }],
  ['retry', failed(failure('overloaded', 'x'), 'exhausted'), { by: 'retry', details: { notRetried: 'exhausted' } }],
  [
    'the guard',
    { type: 'request.refused', ...OF, retryAfterMs: 7 },
    { what: 'refused', by: 'circuit', retryAfterMs: 7 },
  ],
  [
    'a fallback',
    { type: 'fallback.answered', ...OF, kind: 'overloaded' },
    { what: 'fallback_answered', by: 'fallback' },
  ],
  [
    'a fallback that fails',
    { type: 'fallback.failed', ...OF, kind: 'overloaded', errorName: 'TypeError' },
    { what: 'fallback_failed', details: { error: 'TypeError' } },
  ],
  [
    'screening',
    { type: 'content.declined', ...OF, failure: failure('content_policy', 'refusal', { category: 'cyber' }) },
    { what: 'declined', by: 'screening', details: { category: 'cyber', listed: 'no: the list could not take it' } },
  ],
  [
    'the queue',
    { type: 'request.deferred', ...OF, requestId: 'SECRET', priority: 'normal', kind: 'rate_limited' },
    { what: 'deferred', by: 'queue', rule: 'defer', kind: 'rate_limited', details: { priority: 'normal' } },
  ],
  [
    'a full queue',
    { type: 'request.not_deferred', ...OF, errorCode: 'CLAUDE_X' },
    { what: 'not_deferred', rule: 'CLAUDE_X' },
  ],
  [
    'the end of a deferred one',
    { type: 'request.ended', ...OF, requestId: 'SECRET', state: 'expired', attempts: 0, tookMs: 9 },
    { what: 'ended', rule: 'expired', tookMs: 9, details: { state: 'expired', attempts: 0 } },
  ],
  [
    'a batch',
    { type: 'batch.answered', ...OF, batchId: 'b', outcome: 'kept', model: 'm', usage: { outputTokens: 3 } },
    { what: 'answered_by_batch', by: 'api', model: 'm', details: { outcome: 'kept', outputTokens: 3 } },
  ],
  [
    'a notice',
    { type: 'notice.sent', ...OF, channel: 'mail', tries: 1 },
    { what: 'told', details: { channel: 'mail', tries: 1 } },
  ],
  [
    'no notice',
    { type: 'notice.failed', ...OF, channel: 'mail', tries: 3, reason: 'exhausted' },
    { what: 'not_told', rule: 'exhausted' },
  ],
  [
    'a person',
    { type: 'review.resolved', ...OF, reviewId: 'r', kind: 'unclassified', by: 'ann' },
    { what: 'reviewed', by: 'operator', details: { who: 'ann' } },
  ],
])('says who decided, by which rule: %s', (_who, event, step) => {
  const kept = stepOf(event as StepEvent, 1_000, 10);
  expect(kept.correlationId).toBe('call-1');
  expect(stepFrom(kept)).toMatchObject({ atMs: 1_000, feature: 'chat', ...step });
  // Who knows the id of a request may read it.
  expect(JSON.stringify([kept, stepFrom(kept)])).not.toContain('SECRET');
});

it.each([
  [{ attempts: 1 }, true],
  [{ attempts: 2 }, false],
  [{ attempts: 1, turnWaitMs: 1 }, false],
  [{ attempts: 1, outcome: 'failed' }, false],
])('a call that ended with %j needs no explaining: %s', (more, expected) => {
  const event = { type: 'call.completed', call: CALL, outcome: 'served', durationMs: 5, ...more };
  expect(isSmooth(event as never)).toBe(expected);
});

it.each<[what: string, event: object, beganAtMs: number]>([
  ['the end of a call', { type: 'call.completed', call: CALL, outcome: 'served', durationMs: 4.3, attempts: 1 }, 995],
  ['a failed attempt', { type: 'attempt.failed', call: CALL, failure: failure('timeout', 'x'), target: {} }, 989],
  ['anything else', { type: 'notice.sent', ...OF, channel: 'mail', tries: 1 }, Infinity],
])('began at a whole millisecond, never later than it did: %s', (_what, event, beganAtMs) => {
  expect(beganAtMsOf(stepOf(event as StepEvent, 1_000, 10.4))).toBe(beganAtMs);
});
