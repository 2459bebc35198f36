import type { APIPromise } from '@anthropic-ai/sdk';
import type { Attempt, ClaudeCall, WireResult } from '../core/call.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import { Transport } from '../core/transport.port.js';
import { describeNetworkError, describeSdkError } from './describe-error.js';
import { judgeMessage } from './judge-reply.js';
import { keepHeaders } from './response-headers.js';

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
 * Sends a call through a method of the SDK. Its own retries are off on every request, whatever the client was built
 * with: one owner of retrying (R14). An explicit timeout also lifts the SDK's refusal of large `max_tokens`.
 */
export class SdkTransport<T> extends Transport<T> {
  constructor(private readonly request: (options: SdkRequestOptions) => APIPromise<T>) {
    super();
  }

  async send(_call: ClaudeCall, { signal, timeoutMs }: Attempt): Promise<WireResult<T>> {
    try {
      const timeout = Math.min(Math.ceil(timeoutMs + LATER_THAN_OURS_MS), LONGEST_TIMEOUT_MS);
      const request = this.request({ maxRetries: 0, timeout, signal });
      // A client made for a test may answer with a plain promise.
      if (!('withResponse' in request)) return judgeMessage(await request);
      const { data, response } = await request.withResponse();
      return { ...judgeMessage(data), headers: keepHeaders(response.headers) };
    } catch (cause) {
      return describe(cause);
    }
  }
}

/** The SDK lets a body that is no JSON through as the parser's own error. */
function describeParseError(cause: unknown): FailureFacts | undefined {
  return (cause as { name?: unknown } | null)?.name === 'SyntaxError' ? { from: 'body', problem: 'broken' } : undefined;
}

function describe(cause: unknown): WireResult<never> {
  const facts = describeSdkError(cause) ?? describeNetworkError(cause) ?? describeParseError(cause) ?? { from: 'code' };
  return { ok: false, facts, cause, headers: keepHeaders((cause as { headers?: Headers } | null)?.headers) };
}
