import type { Failure } from '../failure/failure.js';
import type { AccountFailure } from './account-state.js';

/** What a caller gets whose call was not sent: the reason, and nothing that makes it count, repeat or alert again. */
export function holdFailure({
  retryAfterMs: _wait,
  status: _status,
  isUnknown: _unknown,
  stopsAccount: _stops,
  ...reason
}: AccountFailure): Failure {
  return { ...reason, retryable: false, verdict: 'neutral', severity: 'none', isHeld: true };
}
