import { ClaudeCallError } from '../core/call-error.js';
import { errorOf } from '../core/call-errors.js';
import type { ClaudeCall, FallbackOutcome, Outcome } from '../core/call.js';
import { ClaudeDeferredError } from '../core/deferral/deferred-error.js';

/** What a call is worth to its caller: a value, or one typed error, thrown here and nowhere else. */
export function valueOf<T>(outcome: Outcome<T>, call: Pick<ClaudeCall, 'id' | 'feature'>): T {
  return succeeded<T, never>(outcome, call).value;
}

/** The outcome, if there is an answer in it. @throws {ClaudeCallError} if there is none @throws {ClaudeDeferredError} if there will be */
export function succeeded<T, F>(
  outcome: Outcome<T, F>,
  { id, feature }: Pick<ClaudeCall, 'id' | 'feature'>,
): Extract<Outcome<T, F>, { status: 'served' }> | FallbackOutcome<F> {
  if (outcome.status === 'deferred')
    throw new ClaudeDeferredError(outcome.requestId, feature, id, outcome.state, outcome.failure?.retryAfterMs);
  if (outcome.status !== 'failed') return outcome;
  const { failure, attempts, cause } = outcome;
  // A call inside has made its error already.
  if (cause instanceof ClaudeCallError) throw cause;
  throw errorOf({ failure, feature, correlationId: id, attempts, cause });
}
