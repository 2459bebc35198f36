import type { TokenEstimate } from '../call.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import { estimatedUsage, type MeteredUsage } from './metered-usage.js';

/** The connection broke after the request may have been sent; other codes say that there never was one. */
const RESETS: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_ABORTED',
]);

/**
 * What a request took of which no answer told: the model may have been at work when it was given up, and that is billed.
 * Only the prompt is counted, by our estimate of it; the answer is not known.
 *
 * @returns `undefined` for what is not billed (errors of the API, requests that were never sent), or not known at all
 */
export function billableLoss(facts: FailureFacts, { inputTokens }: TokenEstimate): MeteredUsage | undefined {
  return inputTokens > 0 && mayBeBilled(facts) ? estimatedUsage(inputTokens) : undefined;
}

function mayBeBilled(facts: FailureFacts): boolean {
  switch (facts.from) {
    case 'timeout':
    case 'abort':
      return true;
    case 'body':
      return facts.problem === 'broken';
    case 'connection':
      return facts.networkCode !== undefined && RESETS.has(facts.networkCode);
    default:
      return false;
  }
}
