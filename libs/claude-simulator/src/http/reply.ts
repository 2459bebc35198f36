export type ReplyHeaders = Readonly<Record<string, string>>;

interface Answered {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: string;
}

/** What goes back over the wire, healthy or not. */
export type Reply =
  | (Answered & { readonly kind: 'whole' })
  /** The headers promise all of `body`; only `sentBytes` of it come, then this happens to the connection. */
  | (Answered & {
      readonly kind: 'partial';
      readonly sentBytes: number;
      readonly ending: 'silence' | 'close' | 'reset';
    })
  /** The body is made piece by piece, each only when the one before has left; then this happens to the connection. */
  | {
      readonly kind: 'stream';
      readonly status: number;
      readonly headers: ReplyHeaders;
      readonly pieces: AsyncIterable<string>;
      readonly ending: 'end' | 'close' | 'reset';
    }
  /** Nothing is ever sent. */
  | { readonly kind: 'hang' }
  /** The connection is reset before any header. */
  | { readonly kind: 'reset' };

export type WholeReply = Extract<Reply, { kind: 'whole' }>;
export type StreamReply = Extract<Reply, { kind: 'stream' }>;
export type PlainReply = Exclude<Reply, StreamReply>;
