import type { ErrorType } from '../api/error-type.js';
import type { Message, StopDetails } from '../api/message.js';

export interface MessageDelta {
  readonly stop_reason: Message['stop_reason'];
  readonly stop_sequence: string | null;
  readonly stop_details: StopDetails | null;
  readonly container: null;
}

/** The part of `usage` that the end of a stream repeats; cumulative. */
export type DeltaUsage = Pick<
  Message['usage'],
  | 'input_tokens'
  | 'cache_creation_input_tokens'
  | 'cache_read_input_tokens'
  | 'output_tokens'
  | 'output_tokens_details'
  | 'server_tool_use'
>;

/** The data of one server-sent event; its `type` is the name of the event as well. */
export type StreamEvent =
  | { readonly type: 'message_start'; readonly message: { readonly usage: Message['usage'] } }
  | { readonly type: 'content_block_start'; readonly index: number; readonly content_block: object }
  | { readonly type: 'ping' }
  | {
      readonly type: 'content_block_delta';
      readonly index: number;
      readonly delta: { readonly type: 'text_delta'; readonly text: string };
    }
  | { readonly type: 'content_block_stop'; readonly index: number }
  | { readonly type: 'message_delta'; readonly delta: MessageDelta; readonly usage: DeltaUsage }
  | { readonly type: 'message_stop' }
  | {
      readonly type: 'error';
      readonly error: { readonly details: null; readonly type: ErrorType; readonly message: string };
      readonly request_id: string;
    }
  /** Of no type that clients of today know; the API may add some at any time. */
  | { readonly type: 'simulated_unknown_event'; readonly note: string };
