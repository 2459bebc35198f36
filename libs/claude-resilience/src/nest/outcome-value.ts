import { ClaudeCallError } from '../core/call-error.js';
import { errorOf } from '../core/call-errors.js';
import type { ClaudeCall, DeferredOutcome, FallbackOutcome, Outcome } from '../core/call.js';
import { ClaudeDeferredError } from '../core/deferral/deferred-error.js';

type Told = Pick<ClaudeCall, 'id' | 'feature'>;
type Answered<T, F> = Extract<Outcome<T, F>, { status: 'served' }> | FallbackOutcome<F>;
type Unanswered = DeferredOutcome | Extract<Outcome<never>, { status: 'failed' }>;

/** The outcome, if there is an answer in it. @throws {ClaudeCallError} if there is none @throws {ClaudeDeferredError} if there will be */
export function succeeded<T, F>(outcome: Outcome<T, F>, call: Told): Answered<T, F> {
  if (isAnswered(outcome)) return outcome;
  throw errorOfOutcome(outcome, call);
}

/** Whether there is an answer in it. */
export function isAnswered<T, F>(outcome: Outcome<T, F>): outcome is Answered<T, F> {
  return outcome.status !== 'failed' && outcome.status !== 'deferred';
}

/** The one typed error of its caller, where there is no answer. */
export function errorOfOutcome(outcome: Unanswered, { id, feature }: Told): ClaudeCallError | ClaudeDeferredError {
  if (outcome.status === 'deferred')
    return new ClaudeDeferredError(outcome.requestId, feature, id, outcome.state, outcome.failure?.retryAfterMs);
  const { failure, attempts, cause } = outcome;
  // A call inside has made its error already.
  return cause instanceof ClaudeCallError ? cause : errorOf({ failure, feature, correlationId: id, attempts, cause });
}
