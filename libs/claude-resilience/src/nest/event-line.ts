import type { Advice } from '../core/advice/advice.js';
import type { Origin, Target } from '../core/call.js';
import type { ClaudeEvent } from '../core/events.js';
import type { Failure, FailureSeverity } from '../core/failure/failure.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';

/** One line for the log: a fixed list of fields, ids, kinds, counts and times. */
export interface EventLine {
  readonly level: 'debug' | 'log' | 'warn' | 'error';
  readonly line: Readonly<Record<string, unknown>> & { readonly event: string };
}

/** Failures that an operator must mend: nothing in the program will. */
const FOR_OPERATORS: ReadonlySet<FailureSeverity> = new Set(['warning', 'critical']);

/**
 * What an event is in the log. Never a key, a prompt, an answer, or text of the API.
 *
 * @param isTold whether operators hear of such a failure in another way
 */
export function eventLine(event: ClaudeEvent, isTold: (failure: Failure) => boolean): EventLine {
  switch (event.type) {
    case 'attempt.failed': {
      const { call, attempt, target, failure, durationMs } = event;
      const about = { ...ofCall(call), ...ofTarget(target), attempt, ...ofFailure(failure) };
      return line('debug', 'attempt.failed', { ...about, durationMs: Math.round(durationMs) });
    }
    case 'retry.scheduled': {
      const { call, attempt, kind, delayMs } = event;
      const about = { ...ofCall(call), attempt, errorType: kind };
      return line('debug', 'retry.scheduled', { ...about, delayMs: Math.round(delayMs) });
    }
    case 'call.completed':
      return completed(event, isTold);
    case 'fallback.answered':
    case 'fallback.failed': {
      const { type, feature, correlationId, kind } = event;
      const about = { feature, correlationId, errorType: kind };
      if (type === 'fallback.answered') return line('log', type, about);
      return line('error', type, { ...about, errorName: event.errorName });
    }
    case 'circuit.transitioned': {
      const { feature, from, to, window } = event;
      const reason = 'reason' in to ? { reason: to.reason } : {};
      const { calls, failures } = window;
      const level = to.name === 'closed' ? 'log' : 'warn';
      return line(level, event.type, { feature, from, to: to.name, ...reason, calls, failures });
    }
    case 'model.transitioned': {
      const { model, platform, from, to } = event;
      return line('log', event.type, { model, platform, from, to });
    }
    case 'account.stopped': {
      const { account, failure } = event;
      return line('error', event.type, { account, ...ofFailure(failure), ...actionOf(failure) });
    }
    case 'account.resumed': {
      const { account, failure, stoppedForMs } = event;
      const about = { account, errorType: failure.kind, rule: failure.rule };
      return line('log', event.type, { ...about, stoppedForMs: Math.round(stoppedForMs) });
    }
    case 'advice.given':
      return line('log', event.type, { ...ofAdvice(event), ...event.evidence });
    case 'advice.withdrawn':
      return line('log', event.type, { ...ofAdvice(event), heldForMs: Math.round(event.heldForMs) });
    case 'content.declined': {
      const { feature, correlationId, failure, reviewId } = event;
      const { rule, category, requestId } = failure;
      const about = { feature, correlationId, rule, ...present({ category, requestId }) };
      if (reviewId !== undefined) return line('log', event.type, { ...about, reviewId });
      return line('error', event.type, { ...about, action: LIST_IS_FULL });
    }
    case 'request.deferred': {
      const { feature, workflow, correlationId, priority, kind } = event;
      return line('log', event.type, { feature, workflow, correlationId, priority, ...present({ errorType: kind }) });
    }
    case 'request.not_deferred': {
      const { feature, correlationId, errorCode } = event;
      return line('error', event.type, { feature, correlationId, errorCode, action: QUEUE_CANNOT });
    }
    case 'request.ended': {
      const { feature, workflow, correlationId, priority, state, failure, attempts, tookMs } = event;
      const about = { feature, workflow, correlationId, priority, state, ...ofFailure(failure), attempts, tookMs };
      return line(state === 'failed' || state === 'expired' ? 'warn' : 'log', event.type, about);
    }
    case 'batch.submitted': {
      const { batchId, requests, isFound } = event;
      return line('log', event.type, { batchId, requests, ...(isFound && { isFound }) });
    }
    case 'batch.not_submitted': {
      const { requests, failure, next } = event;
      return line('warn', event.type, { requests, next, ...ofFailure(failure) });
    }
    case 'batch.answered': {
      const { batchId, feature, workflow, correlationId, model, outcome } = event;
      return line('debug', event.type, { batchId, feature, workflow, correlationId, ...present({ model }), outcome });
    }
    case 'batch.ended': {
      const { type, ...counts } = event;
      return line(event.missing > 0 ? 'warn' : 'log', type, counts);
    }
    case 'alert.fired':
    case 'alert.resolved': {
      const { key, rule, labels, severity, summary } = event.alert;
      const lasted = event.type === 'alert.resolved' ? { lastedMs: Math.round(event.lastedMs) } : {};
      const isBad = event.type === 'alert.fired' && severity !== 'info';
      return line(isBad ? 'warn' : 'log', event.type, { key, rule, severity, summary, ...labels, ...lasted });
    }
    case 'alert.delivery_failed': {
      const { type, sink, kind, alerts, reason, tries, problem } = event;
      return line('error', type, { sink, kind, alerts, reason, tries, ...present({ problem }) });
    }
    case 'budget.warned':
    case 'budget.spent': {
      const { type, workflow, period, limitUsd, spentUsd, unknown, forecastUsd } = event;
      const known = present({ workflow, forecastUsd });
      return line('warn', type, { ...known, period, limitUsd, spentUsd, ...(unknown > 0 && { unknown }) });
    }
    case 'queue.trouble':
      return line('error', event.type, { trouble: event.trouble, action: QUEUE_CANNOT });
    case 'queue.warned':
      return line('warn', event.type, { code: event.code, explanation: event.explanation });
    case 'queue.well':
    case 'rollups.well':
      return line('log', event.type, {});
    case 'rollups.trouble':
      return line('error', event.type, { errorCode: event.errorCode, action: ROLLUPS_CANNOT });
    case 'review.resolved': {
      // The label may be anything: it stays in the list.
      const { reviewId, kind, feature, correlationId, by } = event;
      return line('log', event.type, { reviewId, kind, feature, correlationId, ...present({ by }) });
    }
    case 'notice.sent': {
      const { type, feature, correlationId, channel, tries } = event;
      return line('debug', type, { feature, correlationId, channel, tries });
    }
    case 'notice.failed': {
      const { type, feature, correlationId, channel, tries, reason, problem } = event;
      return line('warn', type, { feature, correlationId, channel, tries, reason, ...present({ problem }) });
    }
    case 'subscriber.troubled': {
      const { type, ...about } = event;
      return line('warn', type, about);
    }
    case 'request.refused': {
      const { feature, correlationId, retryAfterMs } = event;
      return line('warn', event.type, { feature, correlationId, retryAfterMs });
    }
    default:
      return event satisfies never;
  }
}

const QUEUE_CANNOT = 'Look at the store of deferred requests: its disk, its server, its limits.';
const ROLLUPS_CANNOT = 'Look at the store of metrics: its disk, its limits. Calls go on; figures may be missing.';
const LIST_IS_FULL = 'The review list could not take it: look at the list, or its store.';

function completed(
  { call, outcome, failure, attempts, durationMs, origin }: Extract<ClaudeEvent, { type: 'call.completed' }>,
  isTold: (failure: Failure) => boolean,
): EventLine {
  const counts = { attempts, durationMs: Math.round(durationMs) };
  const about = { ...ofCall(call), ...ofOrigin(origin), outcome, ...ofFailure(failure), ...counts };
  if (failure === undefined || failure.kind === 'cancelled') return line('log', 'call.completed', about);
  if (!FOR_OPERATORS.has(failure.severity) || isTold(failure)) return line('warn', 'call.completed', about);
  return line('error', 'call.completed', { ...about, ...actionOf(failure) });
}

function line(level: EventLine['level'], name: string, fields: Readonly<Record<string, unknown>>): EventLine {
  return { level, line: { event: `claude.${name}`, ...fields } };
}

function actionOf({ action }: Failure) {
  return present({ action });
}

/** Without the fields that are not there: a log line has no `undefined`. */
function present(fields: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function ofCall({
  id,
  feature,
  workflow,
  model,
}: {
  id: string;
  feature: string;
  workflow: string;
  model: string | undefined;
}) {
  return { correlationId: id, feature, workflow, ...(model !== undefined && { model }) };
}

/** Lines of the module's own platform do not name it. */
function ofTarget({ model, platform }: Pick<Target, 'model' | 'platform'>) {
  return {
    ...(model !== undefined && { model }),
    ...(platform !== undefined && platform !== OWN_PLATFORM && { platform }),
  };
}

function ofOrigin(origin: Origin | undefined) {
  if (origin === undefined) return {};
  const { isReformulated, insteadOf } = origin;
  return {
    ...ofTarget(origin),
    ...(isReformulated && { isReformulated }),
    ...(insteadOf.length > 0 && { insteadOf: insteadOf.map(({ model, kind }) => `${model}: ${kind}`) }),
  };
}

function ofAdvice({ topic, feature, model, about, sentence }: Advice) {
  return {
    topic,
    feature,
    ...(model !== undefined && { model }),
    ...(about !== undefined && { about }),
    advice: sentence,
  };
}

function ofFailure(failure: Failure | undefined) {
  if (failure === undefined) return {};
  const { kind, rule, severity, isUnknown, status, requestId, retryAfterMs, accessReturnsAtMs } = failure;
  return {
    errorType: kind,
    rule,
    severity,
    ...(isUnknown === true && { isUnknown }),
    ...(status !== undefined && { upstreamStatus: status }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(accessReturnsAtMs !== undefined && { accessReturnsAt: new Date(accessReturnsAtMs).toISOString() }),
  };
}
