import type Anthropic from '@anthropic-ai/sdk';
import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import type { MessagePart } from './message-events.js';

/**
 * The message that a stream of events amounts to, put together by the SDK; `undefined` if they end before the model said
 * why it stops. The last event may be missing, some proxies leave it out.
 *
 * The events are gathered first: the SDK wraps what a stream throws, and what went wrong would be lost.
 *
 * @param observe sees each event as it comes
 */
export async function accumulateMessage(
  events: AsyncIterable<MessagePart>,
  observe: (event: MessagePart) => void,
): Promise<Anthropic.Message | undefined> {
  const lines: string[] = [];
  let isBegun = false;
  let hasReason = false;
  for await (const event of events) {
    observe(event);
    if (event.type === 'ping') continue; // a model is still at work
    if (event.type === 'message_stop') break;
    if (event.type === 'message_start') isBegun = true;
    if (event.type === 'message_delta' && typeof event.delta.stop_reason === 'string') hasReason = true;
    lines.push(JSON.stringify(event));
  }
  if (!isBegun || !hasReason) return undefined;
  lines.push('{"type":"message_stop"}');
  const whole = new Blob([lines.join('\n')]).stream();
  // Of its own it adds what its parsing of structured output would give.
  const { parsed_output: _, ...message } = await MessageStream.fromReadableStream(whole).finalMessage();
  return message as Anthropic.Message;
}
