import type { ClaudeCall } from '../../libs/claude-resilience/src/core/call.js';
import type { CostSum } from '../../libs/claude-resilience/src/core/cost/cost-sum.js';
import type { Alert } from '../../libs/claude-resilience/src/core/alerts/alert.js';
import type { Advice } from '../../libs/claude-resilience/src/core/advice/advice.js';
import type { ClaudeEventOf, ClaudeEventType } from '../../libs/claude-resilience/src/core/events.js';
import type { Failure } from '../../libs/claude-resilience/src/core/failure/failure.js';
import type { WindowFigures } from '../../libs/claude-resilience/src/core/circuit/outcome-window.js';

/** An event with all that it can have: a field that is added to it is missing here, and that does not compile. */
type Full<T extends ClaudeEventType> = Required<ClaudeEventOf<T>>;

export type SampleEvents = { readonly [T in ClaudeEventType]: readonly [Full<T>, ...ClaudeEventOf<T>[]] };

/** What belongs in no line, whatever carries it. */
export const NEVER = 'never-in-a-line';

/**
 * Every event there is, with everything in it that it can have; the first of each kind is whole, others differ in a way that
 * shows in their line.
 *
 * @param text stands wherever somebody else than the module chose the words
 */
export function sampleEvents(text: string): SampleEvents {
  const failure: Required<Failure> = {
    kind: 'overloaded',
    retryable: true,
    verdict: 'failure',
    isInner: true,
    isFinal: true,
    mayFallBackToModel: 'yes',
    rule: 'a rule of ours',
    scope: 'service',
    severity: 'critical',
    stopsAccount: true,
    isHeld: true,
    action: 'Do this.',
    isUnknown: true,
    accessReturnsAtMs: 1_000,
    retryAfterMs: 2_000,
    category: 'cyber',
    status: 529,
    requestId: text,
  };
  const target = { model: text, platform: text, bucket: NEVER };
  const call: Required<ClaudeCall> = {
    id: text,
    hasNewId: true,
    feature: text,
    workflow: text,
    priority: 'normal',
    model: text,
    targets: [target],
    startedAtMs: 1,
    deadlineAtMs: 2,
    timeoutMs: 3,
    headersMs: 4,
    bodyMs: 5,
    fairTimeoutMs: 6,
    signal: AbortSignal.abort(NEVER),
    isStream: true,
    isCount: true,
    locale: NEVER,
    isDeferred: true,
  };
  const cost: CostSum = {
    exact: { dollars: 1, picoUsd: 0 },
    estimated: { dollars: 0, picoUsd: 500_000_000_000 },
    unknown: { model: 1 },
  };
  const usage = { inputTokens: 1, cacheWriteTokens: 2, cacheReadTokens: 3, outputTokens: 4 };
  const ofRequest = {
    feature: text,
    workflow: text,
    correlationId: text,
    requestId: NEVER,
    priority: 'normal',
  } as const;
  const ofFallback = { feature: text, workflow: text, model: text, correlationId: text, kind: 'overloaded' } as const;
  const ofNotice = { feature: text, correlationId: text, channel: 'email', tries: 1 } as const;
  const window: WindowFigures = { calls: 1, failures: 2, slow: 3, failuresInARow: 4, rowMs: 5 };
  const alert: Required<Alert> = {
    key: text,
    rule: 'error_rate',
    scope: 'error_type',
    title: NEVER,
    labels: {
      account: text,
      circuit: text,
      direction: text,
      error_type: text,
      model: text,
      period: text,
      sink: text,
      workflow: text,
      another: NEVER,
    },
    severity: 'critical',
    summary: text,
    sentence: NEVER,
    figures: { value: 1, threshold: 2, unit: 'ratio' },
    sinceMs: 1,
    endedAtMs: 2,
    runbookUrl: NEVER,
  };
  const advice: Required<Advice> = {
    topic: 'too_large',
    feature: text,
    model: text,
    about: text,
    evidence: {},
    sentence: text,
  };
  const budget = {
    workflow: text,
    period: 'day',
    startMs: 1,
    endMs: 2,
    limitUsd: 3,
    spentUsd: 4,
    unknown: 5,
    forecastUsd: 6,
  } as const;
  const account = { account: text, failure, sinceMs: 1 };
  return {
    'attempt.failed': [
      { type: 'attempt.failed', call, attempt: 1, target, failure, durationMs: 1 },
      { type: 'attempt.failed', call, attempt: 1, target, failure: { ...failure, kind: 'cancelled' }, durationMs: 1 },
    ],
    'retry.scheduled': [{ type: 'retry.scheduled', call, attempt: 1, kind: 'overloaded', delayMs: 1 }],
    'call.completed': [
      {
        type: 'call.completed',
        call,
        outcome: 'failed',
        failure,
        endedBy: 'exhausted',
        origin: {
          model: text,
          platform: text,
          isReformulated: true,
          insteadOf: [{ model: text, platform: text, kind: 'timeout' }],
        },
        usage,
        metered: [],
        cost,
        firstTokenMs: 1,
        turnWaitMs: 2,
        retryWaitMs: 3,
        requestId: text,
        stopReason: text,
        attempts: 4,
        durationMs: 5,
      },
    ],
    'content.declined': [
      { type: 'content.declined', feature: text, correlationId: text, failure, reviewId: text },
      { type: 'content.declined', feature: text, correlationId: text, failure },
    ],
    'fallback.answered': [{ type: 'fallback.answered', ...ofFallback }],
    'fallback.failed': [{ type: 'fallback.failed', ...ofFallback, errorName: text }],
    'request.refused': [{ type: 'request.refused', feature: text, correlationId: text, retryAfterMs: 1 }],
    'circuit.transitioned': [
      {
        type: 'circuit.transitioned',
        feature: text,
        from: 'closed',
        to: { name: 'open', reason: 'failures', untilMs: 1, generation: 2, sinceMs: 3, openings: 4 },
        window,
      },
      {
        type: 'circuit.transitioned',
        feature: text,
        from: 'half_open',
        to: { name: 'closed', generation: 2, sinceMs: 3, openings: 4 },
        window,
      },
    ],
    'model.transitioned': [{ type: 'model.transitioned', model: text, platform: text, from: 'closed', to: 'open' }],
    'account.stopped': [{ type: 'account.stopped', ...account }],
    'account.resumed': [{ type: 'account.resumed', ...account, stoppedForMs: 1 }],
    'advice.given': [{ type: 'advice.given', ...advice }],
    'advice.withdrawn': [{ type: 'advice.withdrawn', ...advice, heldForMs: 1 }],
    'request.deferred': [{ type: 'request.deferred', ...ofRequest, kind: 'overloaded' }],
    'request.not_deferred': [{ type: 'request.not_deferred', feature: text, correlationId: text, errorCode: text }],
    'request.ended': [
      { type: 'request.ended', ...ofRequest, state: 'failed', failure, attempts: 1, tookMs: 2 },
      { type: 'request.ended', ...ofRequest, state: 'succeeded', attempts: 1, tookMs: 2 },
    ],
    'batch.submitted': [{ type: 'batch.submitted', batchId: text, requests: 1, isFound: true }],
    'batch.not_submitted': [{ type: 'batch.not_submitted', requests: 1, failure, next: 'again' }],
    'batch.answered': [
      {
        type: 'batch.answered',
        batchId: text,
        feature: text,
        workflow: text,
        correlationId: text,
        model: text,
        usage,
        metered: METERED,
        cost,
        serviceTier: 'batch',
        outcome: 'kept',
      },
    ],
    'batch.ended': [
      {
        type: 'batch.ended',
        batchId: text,
        requests: 1,
        answered: 2,
        failed: 3,
        canceled: 4,
        expired: 5,
        missing: 6,
        tookMs: 7,
      },
      {
        type: 'batch.ended',
        batchId: text,
        requests: 1,
        answered: 1,
        failed: 0,
        canceled: 0,
        expired: 0,
        missing: 0,
        tookMs: 7,
      },
    ],
    'queue.trouble': [{ type: 'queue.trouble', trouble: text }],
    'queue.warned': [{ type: 'queue.warned', code: text, explanation: text }],
    'queue.well': [{ type: 'queue.well' }],
    'review.resolved': [
      {
        type: 'review.resolved',
        reviewId: text,
        kind: 'content_policy',
        feature: text,
        correlationId: text,
        by: text,
        label: NEVER,
      },
    ],
    'notice.sent': [{ type: 'notice.sent', ...ofNotice }],
    'notice.failed': [{ type: 'notice.failed', ...ofNotice, reason: 'refused', problem: text }],
    'alert.fired': [
      { type: 'alert.fired', alert },
      { type: 'alert.fired', alert: { ...alert, severity: 'info' } },
    ],
    'alert.resolved': [{ type: 'alert.resolved', alert, lastedMs: 1 }],
    'alert.delivery_failed': [
      {
        type: 'alert.delivery_failed',
        sink: text,
        kind: 'trigger',
        alerts: 1,
        reason: 'refused',
        tries: 2,
        problem: text,
      },
    ],
    'budget.warned': [{ type: 'budget.warned', ...budget }],
    'budget.spent': [{ type: 'budget.spent', ...budget }],
    'rollups.trouble': [{ type: 'rollups.trouble', errorCode: text }],
    'rollups.well': [{ type: 'rollups.well' }],
    'fleet.trouble': [{ type: 'fleet.trouble', errorCode: text }],
    'fleet.well': [{ type: 'fleet.well', replicas: 1 }],
    'admin.acted': [
      {
        type: 'admin.acted',
        action: 'circuit.release',
        target: text,
        by: text,
        reason: text,
        atMs: 1,
        untilMs: 2,
        changed: true,
        outcome: text,
        silenceId: NEVER,
        isTaken: true,
        count: 3,
      },
    ],
    'subscriber.troubled': [{ type: 'subscriber.troubled', subscriber: text, dropped: 1, failed: 2, errorName: text }],
  };
}

const METERED: Required<ClaudeEventOf<'batch.answered'>>['metered'] = {
  model: NEVER,
  platform: NEVER,
  atMs: 1,
  usage: undefined,
};
