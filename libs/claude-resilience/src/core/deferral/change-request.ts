import { isEnded, type DeferredRequest } from './deferred-request.js';
import { nextRequestState, type RequestEvent, type StepRefusal } from './next-request-state.js';
import { noticesDueOf } from './notices-due.js';
import {
  ClaudeRequestClosedError,
  ClaudeRequestNotDeadError,
  ClaudeRequestNotFoundError,
  ClaudeStaleLeaseError,
} from './request-store-errors.js';

/**
 * What becomes of a request: the one rule of all stores, with its refusals as typed errors.
 *
 * @param found what the store has of that id
 * @returns the same object when nothing changes
 */
export function changeRequest(id: string, found: DeferredRequest | undefined, event: RequestEvent): DeferredRequest {
  if (found === undefined) throw new ClaudeRequestNotFoundError(id);
  const step = nextRequestState(found.state, event, found.deadlineMs);
  if (!step.ok) throw refusal(step.why, found, event);
  if (step.state === found.state) return found;
  const changed = { ...found, state: step.state };
  return isEnded(found.state) ? changed : { ...changed, noticesDue: noticesDueOf(changed) };
}

function refusal(why: StepRefusal, { id, state }: DeferredRequest, event: RequestEvent): Error {
  switch (why) {
    case 'closed':
      return new ClaudeRequestClosedError(id, state.name);
    case 'stale':
      return new ClaudeStaleLeaseError(id, 'fencingNumber' in event ? event.fencingNumber : state.fencingNumber);
    case 'not_dead':
      return new ClaudeRequestNotDeadError(id, state.name);
    case 'not_due':
      // A store asks only for those that are; this one says that it asked wrongly.
      return new Error('The deferred request is not due');
    default:
      return why satisfies never;
  }
}
