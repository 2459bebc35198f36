import type Anthropic from '@anthropic-ai/sdk';
import type { ClaudeCall } from '../core/call.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import { StreamTransport, type StreamRequest } from '../core/stream/stream-transport.port.js';
import type { AnthropicClient } from './anthropic.options.js';
import { continueParams } from './continue-params.js';
import { describeWireError } from './describe-error.js';
import { requestOptions } from './request-options.js';

/** The SDK's own events. */
export type ClaudeStreamEvent = Anthropic.RawMessageStreamEvent;

/** Streams one message through the SDK, whose own retries are off, as everywhere. */
export class MessageStreamTransport extends StreamTransport<ClaudeStreamEvent> {
  constructor(
    private readonly client: () => AnthropicClient,
    private readonly params: Omit<Anthropic.MessageCreateParamsStreaming, 'stream'>,
  ) {
    super();
  }

  async open(
    _call: ClaudeCall,
    { signal, timeoutMs, textSoFar }: StreamRequest,
  ): Promise<AsyncIterator<ClaudeStreamEvent>> {
    const params = textSoFar === undefined ? this.params : continueParams(this.params, textSoFar);
    const stream = await this.client().messages.create({ ...params, stream: true }, requestOptions(signal, timeoutMs));
    return stream[Symbol.asyncIterator]();
  }

  describe(error: unknown): FailureFacts {
    return describeWireError(error);
  }
}
