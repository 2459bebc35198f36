import type { APIPromise } from '@anthropic-ai/sdk';
import type { Abilities, Attempt, ClaudeCall, MeteredReply, ReplyNotes, Sending, WireResult } from '../core/call.js';
import { Transport } from '../core/transport.port.js';
import { describeWireError } from './describe-error.js';
import { judgeMessage } from './judge-reply.js';
import { isMessage, meterMessage } from './metered-usage.js';
import { messagesInside } from './refusal-fallback.js';
import { requestOptions, type SdkRequestOptions } from './request-options.js';
import { keepHeaders } from './response-headers.js';
import { usageOf } from './usage-of.js';

/** Sends a call through a method of the SDK. */
export class SdkTransport<T> extends Transport<T> {
  /** @param abilities what else can be done with the request; the same again to the same model if absent */
  constructor(
    private readonly request: (options: SdkRequestOptions, sending: Sending) => APIPromise<T>,
    abilities?: Abilities,
  ) {
    super(abilities);
  }

  async send(call: ClaudeCall, attempt: Attempt): Promise<WireResult<T>> {
    const { signal, timeoutMs } = attempt;
    let request: APIPromise<T> | undefined;
    try {
      request = this.request(requestOptions(signal, timeoutMs), attempt);
      // A client made for a test may answer with a plain promise.
      if (!('withResponse' in request)) {
        const answer: T = await (request as Promise<T>);
        return { ...judgeMessage(answer), ...toldBy(answer), metered: metered([answer], attempt) };
      }
      attempt.waitsFor('headers', call.headersMs);
      const whole = request.withResponse();
      // Asked second: whoever asks the SDK for the response alone takes it from its tracing.
      request.asResponse().then(
        () => attempt.waitsFor('body', call.bodyMs),
        () => {}, // `whole` says so
      );
      const { data, response } = await whole;
      const inside = messagesInside(request);
      return {
        ...judgeMessage(data),
        headers: keepHeaders(response.headers),
        ...toldBy(data),
        metered: metered(inside.length > 0 ? inside : [data], attempt),
      };
    } catch (cause) {
      const headers = keepHeaders((cause as { headers?: Headers } | null)?.headers);
      // Of several models inside it, those that had answered are to be paid for.
      const answered = metered(request === undefined ? [] : messagesInside(request), attempt);
      const notes = answered.length > 0 ? { headers, metered: answered } : { headers };
      return { ok: false, facts: describeWireError(cause), cause, ...notes };
    }
  }
}

function toldBy(answer: unknown): Pick<ReplyNotes, 'usage' | 'stopReason'> {
  const { stop_reason: stopReason } = (answer ?? {}) as { readonly stop_reason?: unknown };
  return { usage: usageOf(answer), stopReason: typeof stopReason === 'string' ? stopReason : undefined };
}

function metered(answers: readonly unknown[], { target }: Sending): readonly MeteredReply[] {
  return answers.filter(isMessage).map((answer) => meterMessage(answer, target));
}
