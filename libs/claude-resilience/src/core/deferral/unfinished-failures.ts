import type { Failure } from '../failure/failure.js';

const OF_THE_REQUEST = {
  kind: 'internal',
  retryable: false,
  verdict: 'neutral',
  scope: 'request',
  severity: 'warning',
} as const;

/** No store can keep what came of it. */
export const TOO_LARGE: Failure = Object.freeze({
  ...OF_THE_REQUEST,
  rule: 'answer_too_large_to_keep',
  action: 'Allow larger payloads in the queue, or ask for shorter answers.',
});

/** It was started as often as it may be, and nobody ever said how that went. */
export const NEVER_ENDED: Failure = Object.freeze({
  ...OF_THE_REQUEST,
  rule: 'deferred_request_never_ended',
  action: 'Look for what ends the process while it works on this request, then redrive it.',
});
