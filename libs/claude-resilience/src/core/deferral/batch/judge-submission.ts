import { diagnoseFailure } from '../../failure/diagnose-failure.js';
import type { FailureFacts } from '../../failure/failure-facts.js';
import type { Failure } from '../../failure/failure.js';

/**
 * What follows when a batch was not seen to be taken. `again`: it was refused, and the same can succeed later. `find`: it
 * may have been taken all the same, and must not be sent again before somebody has looked. `one_by_one`: it was refused for
 * what is in it; alone, each request hears its own failure.
 */
export interface SubmissionVerdict {
  readonly next: 'again' | 'find' | 'one_by_one';
  readonly failure: Failure;
}

/** @param wallMs wall-clock milliseconds */
export function judgeSubmission(facts: FailureFacts, wallMs: number): SubmissionVerdict {
  const failure = diagnoseFailure(facts, wallMs);
  if (mayHaveArrived(facts)) return { next: 'find', failure };
  return { next: failure.retryable || failure.stopsAccount === true ? 'again' : 'one_by_one', failure };
}

/** Nothing was sent before these: no address, no connection, no trust. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_.*|UNABLE_TO_.*|ERR_TLS_CERT_.*|UND_ERR_CONNECT_TIMEOUT)$/;

/** Of the 5xx only a 529 says for certain that nothing was begun; what a gateway says, it says of itself. */
function mayHaveArrived(facts: FailureFacts): boolean {
  switch (facts.from) {
    case 'response':
      return facts.status === undefined || [408, 409, 499].includes(facts.status) || isServerError(facts.status);
    case 'connection':
      return facts.networkCode === undefined || !BEFORE_SENDING.test(facts.networkCode);
    case 'body':
    case 'timeout':
    case 'abort':
      return true;
    default:
      return false;
  }
}

const isServerError = (status: number): boolean => status < 400 || (status >= 500 && status !== 529);
