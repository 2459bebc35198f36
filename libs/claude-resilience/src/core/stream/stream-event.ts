/**
 * What the core looks at in an event of a stream; the SDK's own events fit. Whatever else is in them passes through, and
 * so do events of types that nobody knows yet.
 */
export interface StreamEvent {
  readonly type: string;
  /** Of the content block that the event is about. */
  readonly index?: number;
  readonly content_block?: { readonly type: string };
  readonly delta?: {
    readonly type?: string;
    readonly text?: string;
    readonly stop_reason?: string | null;
    readonly stop_details?: { readonly category?: string | null } | null;
  };
}

/** What happened to the stream itself, told among its events. */
export interface StreamNotice {
  /**
   * `claude_stream_resumed`: the connection broke, and another answer goes on where the text ended.
   * `claude_stream_restarted`: it begins anew; throw away what came before.
   */
  readonly type: 'claude_stream_resumed' | 'claude_stream_restarted';
  /** The request that goes on, from 2. */
  readonly attempt: number;
}
