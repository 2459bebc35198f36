import type { APIPromise } from '@anthropic-ai/sdk';
import type { Abilities, Attempt, ClaudeCall, Sending, WireResult } from '../core/call.js';
import { Transport } from '../core/transport.port.js';
import { describeWireError } from './describe-error.js';
import { judgeMessage } from './judge-reply.js';
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
    try {
      const request = this.request(requestOptions(signal, timeoutMs), attempt);
      // A client made for a test may answer with a plain promise.
      if (!('withResponse' in request)) return judgeMessage(await request);
      attempt.waitsFor('headers', call.headersMs);
      const whole = request.withResponse();
      // Asked second: whoever asks the SDK for the response alone takes it from its tracing.
      request.asResponse().then(
        () => attempt.waitsFor('body', call.bodyMs),
        () => {}, // `whole` says so
      );
      const { data, response } = await whole;
      return { ...judgeMessage(data), headers: keepHeaders(response.headers), usage: usageOf(data) };
    } catch (cause) {
      const headers = keepHeaders((cause as { headers?: Headers } | null)?.headers);
      return { ok: false, facts: describeWireError(cause), cause, headers };
    }
  }
}
