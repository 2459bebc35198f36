import type { ClaudeEventOf } from '../events.js';
import { plainWord } from './clean-field.js';
import { ofCost, ofFailure, ofUsage } from './line-parts.js';
import { logLine, type LogLine } from './log-line.js';

const QUEUE_CANNOT = 'Look at the store of deferred requests: its disk, its server, its limits.';

/** What becomes of deferred requests, their batches, their queue, and of those who are told and asked about them. */
export function requestLine(
  event: ClaudeEventOf<
    | 'request.deferred'
    | 'request.not_deferred'
    | 'request.ended'
    | 'batch.submitted'
    | 'batch.not_submitted'
    | 'batch.answered'
    | 'batch.ended'
    | 'queue.trouble'
    | 'queue.warned'
    | 'queue.well'
    | 'review.resolved'
    | 'notice.sent'
    | 'notice.failed'
  >,
): LogLine {
  switch (event.type) {
    case 'request.deferred': {
      const { type, feature, workflow, correlationId, priority, kind } = event;
      return logLine('log', type, { feature, workflow, correlationId, priority, errorType: kind });
    }
    case 'request.not_deferred': {
      const { feature, correlationId, errorCode } = event;
      return logLine('error', event.type, {
        feature,
        correlationId,
        errorCode: plainWord(errorCode),
        action: QUEUE_CANNOT,
      });
    }
    case 'request.ended': {
      const { feature, workflow, correlationId, priority, state, failure, attempts, tookMs } = event;
      const about = { feature, workflow, correlationId, priority, state, ...ofFailure(failure), attempts };
      const level = state === 'failed' || state === 'expired' ? 'warn' : 'log';
      return logLine(level, event.type, { ...about, tookMs: Math.round(tookMs) });
    }
    case 'batch.submitted': {
      const { batchId, requests, isFound } = event;
      return logLine('log', event.type, { batchId: plainWord(batchId), requests, ...(isFound && { isFound }) });
    }
    case 'batch.not_submitted': {
      const { requests, failure, next } = event;
      return logLine('warn', event.type, { requests, next, ...ofFailure(failure) });
    }
    case 'batch.answered': {
      const { feature, workflow, correlationId, outcome } = event;
      const [batchId, model] = [plainWord(event.batchId), plainWord(event.model)];
      const about = { batchId, feature, workflow, correlationId, model, outcome };
      return logLine('debug', event.type, { ...about, ...ofUsage(event.usage), ...ofCost(event.cost) });
    }
    case 'batch.ended': {
      const { requests, answered, failed, canceled, expired, missing, tookMs } = event;
      const counts = { requests, answered, failed, canceled, expired, missing, tookMs: Math.round(tookMs) };
      return logLine(missing > 0 ? 'warn' : 'log', event.type, { batchId: plainWord(event.batchId), ...counts });
    }
    case 'queue.trouble':
      return logLine('error', event.type, { trouble: plainWord(event.trouble), action: QUEUE_CANNOT });
    case 'queue.warned':
      return logLine('warn', event.type, { code: event.code, explanation: event.explanation });
    case 'queue.well':
      return logLine('log', event.type, {});
    case 'review.resolved': {
      // The label may be anything: it stays in the list.
      const { reviewId, kind, feature, correlationId, by } = event;
      return logLine('log', event.type, { reviewId, kind, feature, correlationId, by });
    }
    case 'notice.sent': {
      const { type, feature, correlationId, channel, tries } = event;
      return logLine('debug', type, { feature, correlationId, channel, tries });
    }
    case 'notice.failed': {
      const { type, feature, correlationId, channel, tries, reason, problem } = event;
      return logLine('warn', type, { feature, correlationId, channel, tries, reason, problem });
    }
    default:
      return event satisfies never;
  }
}
