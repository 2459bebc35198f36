import type { Message } from '../api/message.js';
import { splitText } from './split-text.js';
import type { DeltaUsage, StreamEvent } from './stream-event.js';
import type { StreamOptions } from './stream.options.js';

/** The events of a message, as the API sends them when nothing goes wrong. Pings that time brings are not among them. */
export function* messageEvents(message: Message, chunk: NonNullable<StreamOptions['chunk']>): Generator<StreamEvent> {
  const { content, stop_reason, stop_sequence, stop_details, usage } = message;
  // The tokens at the start are a small placeholder.
  const usageSoFar = { ...usage, output_tokens: Math.min(1, usage.output_tokens) };
  const nothingYet = { content: [], stop_reason: null, stop_sequence: null, stop_details: null, usage: usageSoFar };
  yield { type: 'message_start', message: { ...message, ...nothingYet } };
  if (content.length === 0) yield { type: 'ping' };
  for (const [index, block] of content.entries()) {
    yield { type: 'content_block_start', index, content_block: { ...block, text: '' } };
    if (index === 0) yield { type: 'ping' };
    for (const text of splitText(block.text, chunk)) {
      yield { type: 'content_block_delta', index, delta: { type: 'text_delta', text } };
    }
    yield { type: 'content_block_stop', index };
  }
  const delta = { stop_reason, stop_sequence, stop_details, container: null };
  yield { type: 'message_delta', delta, usage: deltaUsage(usage, usage.output_tokens) };
  yield { type: 'message_stop' };
}

/** The counts at the end of a stream; clients overwrite those of the start with them. */
export function deltaUsage(usage: Message['usage'], outputTokens: number): DeltaUsage {
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage;
  const { output_tokens_details, server_tool_use } = usage;
  return {
    input_tokens,
    cache_creation_input_tokens,
    cache_read_input_tokens,
    output_tokens: outputTokens,
    output_tokens_details,
    server_tool_use,
  };
}
