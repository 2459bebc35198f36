import type { APIPromise } from '@anthropic-ai/sdk';
import type { Attempt, ClaudeCall, WireResult } from '../core/call.js';
import { Transport } from '../core/transport.port.js';
import { describeWireError } from './describe-error.js';
import { judgeMessage } from './judge-reply.js';
import { requestOptions, type SdkRequestOptions } from './request-options.js';
import { keepHeaders } from './response-headers.js';

/** Sends a call through a method of the SDK. */
export class SdkTransport<T> extends Transport<T> {
  constructor(private readonly request: (options: SdkRequestOptions) => APIPromise<T>) {
    super();
  }

  async send(_call: ClaudeCall, { signal, timeoutMs }: Attempt): Promise<WireResult<T>> {
    try {
      const request = this.request(requestOptions(signal, timeoutMs));
      // A client made for a test may answer with a plain promise.
      if (!('withResponse' in request)) return judgeMessage(await request);
      const { data, response } = await request.withResponse();
      return { ...judgeMessage(data), headers: keepHeaders(response.headers) };
    } catch (cause) {
      const headers = keepHeaders((cause as { headers?: Headers } | null)?.headers);
      return { ok: false, facts: describeWireError(cause), cause, headers };
    }
  }
}
