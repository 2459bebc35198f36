import type { CallCompletedEvent, ClaudeEventOf } from '../events.js';
import type { Failure, FailureSeverity } from '../failure/failure.js';
import { plainWord } from './clean-field.js';
import { ofCall, ofCost, ofFailure, ofOrigin, ofTarget, ofUsage } from './line-parts.js';
import { logLine, type LineFields, type LogLine } from './log-line.js';

/** Failures that an operator must mend: nothing in the program will. */
const FOR_OPERATORS: ReadonlySet<FailureSeverity> = new Set(['warning', 'critical']);

const LIST_IS_FULL = 'The review list could not take it: look at the list, or its store.';

/** @param isTold whether operators hear of such a failure in another way */
export function callLine(
  event: ClaudeEventOf<
    | 'attempt.failed'
    | 'retry.scheduled'
    | 'call.completed'
    | 'content.declined'
    | 'fallback.answered'
    | 'fallback.failed'
    | 'request.refused'
  >,
  isTold: (failure: Failure) => boolean,
): LogLine {
  switch (event.type) {
    case 'attempt.failed': {
      const { call, attempt, target, failure, durationMs } = event;
      const about = { ...ofCall(call), ...ofTarget(target), attempt, ...ofFailure(failure) };
      // Somebody left: nothing is wrong.
      const level = failure.kind === 'cancelled' ? 'debug' : 'warn';
      return logLine(level, event.type, { ...about, durationMs: Math.round(durationMs) });
    }
    case 'retry.scheduled': {
      const { call, attempt, kind, delayMs } = event;
      return logLine('debug', event.type, { ...ofCall(call), attempt, errorType: kind, delayMs: Math.round(delayMs) });
    }
    case 'call.completed':
      return completedLine(event, isTold);
    case 'fallback.answered':
    case 'fallback.failed': {
      const { type, feature, workflow, model, correlationId, kind } = event;
      const about = { feature, workflow, model, correlationId, errorType: kind };
      if (type === 'fallback.answered') return logLine('log', type, { ...about, outcome: 'fallback' });
      return logLine('error', type, { ...about, errorName: plainWord(event.errorName) });
    }
    case 'content.declined': {
      const { feature, correlationId, failure, reviewId } = event;
      const { rule, category } = failure;
      const about = { feature, correlationId, rule, category, requestId: plainWord(failure.requestId) };
      if (reviewId !== undefined) return logLine('log', event.type, { ...about, reviewId });
      return logLine('error', event.type, { ...about, action: LIST_IS_FULL });
    }
    case 'request.refused': {
      const { feature, correlationId, retryAfterMs } = event;
      return logLine('warn', event.type, { feature, correlationId, retryAfterMs });
    }
    default:
      return event satisfies never;
  }
}

/** The one line of a call, by which most questions are answered. */
function completedLine(event: CallCompletedEvent, isTold: (failure: Failure) => boolean): LogLine {
  const { call, type, outcome, failure, origin } = event;
  const about = { ...ofCall(call), ...ofOrigin(origin), outcome, ...ofFailure(failure), ...ofFigures(event) };
  if (failure === undefined || failure.kind === 'cancelled') return logLine('log', type, about);
  if (!FOR_OPERATORS.has(failure.severity) || isTold(failure)) return logLine('warn', type, about);
  return logLine('error', type, { ...about, action: failure.action });
}

function ofFigures({
  attempts,
  durationMs,
  retryWaitMs,
  turnWaitMs,
  firstTokenMs,
  usage,
  cost,
  requestId,
  stopReason,
}: CallCompletedEvent): LineFields {
  return {
    attempts,
    durationMs: Math.round(durationMs),
    retryDelayMs: rounded(retryWaitMs),
    queueMs: rounded(turnWaitMs),
    firstTokenMs: rounded(firstTokenMs),
    ...ofUsage(usage),
    ...ofCost(cost),
    ...(requestId !== undefined && { requestId: plainWord(requestId) }),
    stopReason: plainWord(stopReason),
  };
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms);
}
