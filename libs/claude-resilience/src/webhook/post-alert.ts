import { ClaudeAlertNotSentError, ClaudeAlertRefusedError } from '../core/alerts/alert-errors.js';
import { readRetryAfter } from '../core/failure/retry-after.js';

/** Statuses besides 5xx after which the same may be taken later. */
const PASSING = [408, 425, 429];

export interface AlertPost {
  readonly url: string;
  readonly body: string;
  /** Besides the type of the content. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Wall-clock milliseconds, for a `Retry-After` that is a date. */
  readonly wallMs: number;
}

/**
 * Posts JSON to a receiver of alerts, with nothing between: no circuit, no retry, no redirect. Whatever goes wrong is told in
 * words of ours, since URLs hold secrets, and receivers quote what they got.
 *
 * @throws {ClaudeAlertRefusedError} for an answer that will not change
 * @throws {ClaudeAlertNotSentError} for everything else
 */
export async function postAlert({ url, body, headers, wallMs }: AlertPost, signal: AbortSignal): Promise<void> {
  const response = await answerOf(url, { ...headers, 'content-type': 'application/json' }, body, signal);
  const { status } = response;
  if (status >= 200 && status <= 299) return;
  if (status < 500 && !PASSING.includes(status)) throw new ClaudeAlertRefusedError(`its receiver answered ${status}`);
  const { headers: answered } = response;
  const retryAfterMs = readRetryAfter(undefined, answered.get('retry-after') ?? undefined, wallMs);
  // A gateway that gave up waiting knows as little as we do.
  const mayHaveArrived = status === 408 || status === 504;
  throw new ClaudeAlertNotSentError(`its receiver answered ${status}`, {
    status,
    mayHaveArrived,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Codes of Node for connections that never were: nothing can have arrived. */
const NEVER_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

async function answerOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Response> {
  try {
    const response = await fetch(url, { method: 'POST', redirect: 'manual', headers, body, signal });
    // What it says is of no interest, and must not keep the connection.
    await response.body?.cancel();
    return response;
  } catch (error) {
    if (signal.aborted) throw new ClaudeAlertNotSentError('its receiver took too long', { mayHaveArrived: true });
    const mayHaveArrived = !NEVER_CONNECTED.includes(codeOf(error));
    // The error of a connection names the host.
    throw new ClaudeAlertNotSentError('its receiver cannot be reached', { mayHaveArrived });
  }
}

function codeOf(error: unknown): string {
  const { cause } = (error ?? {}) as { readonly cause?: { readonly code?: unknown } };
  return String(cause?.code);
}
