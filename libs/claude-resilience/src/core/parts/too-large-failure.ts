import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { Failure } from '../failure/failure.js';

/** The failure of a request that is known to be too large without asking the API. @param rule what told so */
export function tooLargeFailure(rule: string): Failure {
  const { status: _notAsked, ...failure } = diagnoseFailure({ from: 'response', status: 413 }, 0);
  return Object.freeze({ ...failure, rule });
}
