/** Options of one request, as every method of the SDK takes them. */
export interface SdkRequestOptions {
  readonly maxRetries: 0;
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** The SDK's limit covers headers only and is a net under ours, so it comes later. */
const LATER_THAN_OURS_MS = 1_000;
/** The SDK arms a plain timer, which fires at once for anything longer. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * What goes with every request. The SDK's own retries are off, whatever the client was built with: one owner of retrying
 * (R14). An explicit timeout also lifts its refusal of large `max_tokens`.
 */
export function requestOptions(signal: AbortSignal, timeoutMs: number): SdkRequestOptions {
  const timeout = Math.min(Math.ceil(timeoutMs + LATER_THAN_OURS_MS), LONGEST_TIMEOUT_MS);
  return { maxRetries: 0, timeout, signal };
}
