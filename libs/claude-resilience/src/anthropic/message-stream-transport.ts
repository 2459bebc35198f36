import type Anthropic from '@anthropic-ai/sdk';
import type { ClaudeCall, Target, TokenUsage } from '../core/call.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import { StreamTransport, type EventIterator, type StreamRequest } from '../core/stream/stream-transport.port.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import type { ClientOf } from './anthropic.options.js';
import { continueParams } from './continue-params.js';
import { describeWireError } from './describe-error.js';
import { StreamMeter } from './metered-usage-of-stream.js';
import { isNoStream, MessageEvents } from './message-events.js';
import { requestOptions } from './request-options.js';
import { keepHeaders } from './response-headers.js';
import { usageOf } from './usage-of.js';
import type { RequestPlan } from './request-plan.js';

/** The SDK's own events. */
export type ClaudeStreamEvent = Anthropic.RawMessageStreamEvent;

/** A page, or a whole message, where a stream should begin. */
class NoStreamError extends Error {
  override readonly name = 'NoStreamError';
}

/** Streams one message through the SDK, whose own retries are off, as everywhere. */
export class MessageStreamTransport extends StreamTransport<ClaudeStreamEvent> {
  constructor(
    private readonly clients: ClientOf,
    private readonly plan: RequestPlan<Omit<Anthropic.MessageCreateParamsStreaming, 'stream'>>,
  ) {
    super(plan);
  }

  async open(
    _call: ClaudeCall,
    { signal, timeoutMs, textSoFar, onHeaders, ...sending }: StreamRequest,
  ): Promise<EventIterator<ClaudeStreamEvent>> {
    const asked = this.plan.paramsFor(sending);
    // Without the white space at its end, all of which then comes again: so the seam is known whatever the model does.
    const params = textSoFar === undefined ? asked : continueParams(asked, textSoFar.trimEnd());
    const { messages } = this.clients(sending.target.platform ?? OWN_PLATFORM);
    const request = messages.create({ ...params, stream: true }, requestOptions(signal, timeoutMs));
    // A client made for a test may answer with a plain promise.
    if (!('asResponse' in request))
      return (await (request as Promise<AsyncIterable<ClaudeStreamEvent>>))[Symbol.asyncIterator]();
    const response = await request.asResponse();
    onHeaders(keepHeaders(response.headers));
    if (isNoStream(response)) {
      await response.body?.cancel();
      throw new NoStreamError();
    }
    // Pings are not among the SDK's types of events; whoever reads them knows.
    return new MessageEvents(response) as EventIterator<ClaudeStreamEvent>;
  }

  override usageAfter(event: ClaudeStreamEvent, known: TokenUsage | undefined): TokenUsage | undefined {
    if (event.type === 'message_start') return usageOf(event.message) ?? known;
    if (event.type !== 'message_delta') return known;
    // Cumulative; what it leaves out was said at the start.
    const outputTokens = event.usage?.output_tokens ?? known?.outputTokens ?? 0;
    return usageOf(event) ?? (known && { ...known, outputTokens });
  }

  override meter(target: Target): StreamMeter {
    return new StreamMeter(target);
  }

  describe(error: unknown): FailureFacts {
    return error instanceof NoStreamError ? { from: 'body', problem: 'not_json' } : describeWireError(error);
  }
}
