import type { APIPromise } from '@anthropic-ai/sdk';
import type { Attempt, ClaudeCall, MeteredReply, Sending, WireResult } from '../core/call.js';
import { Transport } from '../core/transport.port.js';
import { describeWireError } from './describe-error.js';
import { whyNoAnswer } from './judge-reply.js';
import { isMessage, meterMessage } from './metered-usage.js';
import { messagesInside } from './refusal-fallback.js';
import { requestOptions, type SdkRequestOptions } from './request-options.js';
import { keepHeaders } from './response-headers.js';
import { usageOf } from './usage-of.js';

/** Sends a call through a method of the SDK. */
export abstract class SdkTransport<T> extends Transport<T> {
  protected abstract request(options: SdkRequestOptions, sending: Sending): APIPromise<T>;

  send(call: ClaudeCall, attempt: Attempt): Promise<WireResult<T>> {
    let request: APIPromise<T> | undefined;
    const failed = (cause: unknown) => failedReply(cause, request, attempt);
    try {
      request = this.request(requestOptions(attempt.signal, attempt.timeoutMs), attempt);
      if ('asResponse' in request) return follow(request, call, attempt, failed);
      // A client made for a test may answer with a plain promise.
      return Promise.resolve<T>(request).then((value) => replyOf(value, NONE, undefined, attempt), failed);
    } catch (cause) {
      return Promise.resolve(failed(cause));
    }
  }
}

const NONE: readonly never[] = Object.freeze([]);

type FailedReply = Extract<WireResult<never>, { ok: false }>;

function follow<T>(
  request: APIPromise<T>,
  call: ClaudeCall,
  attempt: Attempt,
  failed: (cause: unknown) => FailedReply,
): Promise<WireResult<T>> {
  attempt.waitsFor('headers', call.headersMs);
  let headers: Headers | undefined;
  const reply = (value: T) => replyOf(value, messagesInside(request), headers, attempt);
  const answer = request.then(
    (value) => (headers === undefined ? heard.then(() => reply(value)) : reply(value)),
    failed,
  );
  // Asked second: whoever asks the SDK for the response alone takes it from its tracing. Its `withResponse` would not tell
  // when the headers are here, and takes four promises more.
  const heard = request.asResponse().then((response) => {
    ({ headers } = response);
    attempt.waitsFor('body', call.bodyMs);
  }, saidByAnswer);
  return answer;
}

function saidByAnswer(): void {}

function failedReply(cause: unknown, request: object | undefined, sending: Sending): FailedReply {
  const headers = keepHeaders((cause as { headers?: Headers } | null)?.headers);
  // Of several models inside it, those that had answered are to be paid for.
  const metered = meter(request === undefined ? NONE : messagesInside(request), sending);
  const notes = metered.length > 0 ? { headers, metered } : { headers };
  return { ok: false, facts: describeWireError(cause), cause, ...notes };
}

/** @param inside what several models answered, if they were asked inside the request */
function replyOf<T>(value: T, inside: readonly unknown[], said: Headers | undefined, sending: Sending): WireResult<T> {
  const facts = whyNoAnswer(value);
  const headers = said === undefined ? undefined : keepHeaders(said);
  const usage = usageOf(value);
  const stopReason = stopReasonOf(value);
  const metered =
    inside.length > 0 ? meter(inside, sending) : isMessage(value) ? [meterMessage(value, sending.target)] : NONE;
  return facts === undefined
    ? { ok: true, value, headers, usage, stopReason, metered }
    : { ok: false, facts, cause: undefined, headers, usage, stopReason, metered };
}

function stopReasonOf(answer: unknown): string | undefined {
  const reason = (answer as { readonly stop_reason?: unknown } | null | undefined)?.stop_reason;
  return typeof reason === 'string' ? reason : undefined;
}

function meter(answers: readonly unknown[], { target }: Sending): readonly MeteredReply[] {
  return answers.filter(isMessage).map((answer) => meterMessage(answer, target));
}
