import type { ClaudeEvent } from '../core/events.js';
import type { Failure } from '../core/failure/failure.js';
import { callLine } from '../core/logging/call-lines.js';
import type { LogLine } from '../core/logging/log-line.js';
import { operatorLine } from '../core/logging/operator-lines.js';
import { requestLine } from '../core/logging/request-lines.js';
import { stateLine } from '../core/logging/state-lines.js';

/**
 * What an event is in the log: which family it belongs to. Never a key, a prompt, an answer, or text of the API.
 *
 * @param isTold whether operators hear of such a failure in another way
 */
export function eventLine(event: ClaudeEvent, isTold: (failure: Failure) => boolean): LogLine {
  switch (event.type) {
    case 'attempt.failed':
    case 'retry.scheduled':
    case 'call.completed':
    case 'content.declined':
    case 'fallback.answered':
    case 'fallback.failed':
    case 'request.refused':
      return callLine(event, isTold);
    case 'circuit.transitioned':
    case 'model.transitioned':
    case 'account.stopped':
    case 'account.resumed':
    case 'advice.given':
    case 'advice.withdrawn':
      return stateLine(event);
    case 'request.deferred':
    case 'request.not_deferred':
    case 'request.ended':
    case 'batch.submitted':
    case 'batch.not_submitted':
    case 'batch.answered':
    case 'batch.ended':
    case 'queue.trouble':
    case 'queue.warned':
    case 'queue.well':
    case 'review.resolved':
    case 'notice.sent':
    case 'notice.failed':
      return requestLine(event);
    case 'alert.fired':
    case 'alert.resolved':
    case 'alert.delivery_failed':
    case 'budget.warned':
    case 'budget.spent':
    case 'rollups.trouble':
    case 'rollups.well':
    case 'fleet.trouble':
    case 'fleet.well':
    case 'admin.acted':
    case 'subscriber.troubled':
      return operatorLine(event);
    default:
      return event satisfies never;
  }
}
