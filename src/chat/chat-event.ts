import type { ClaudeMessageStream, ProblemDetails } from 'nestjs-claude-resilience';

/** What the reader of an answer is told, as it is written. The last one is `done` or `failed`. */
export type ChatEvent =
  | { readonly name: 'delta'; readonly data: { readonly text: string } }
  /** The connection broke, and the answer goes on; a sentence for people. */
  | { readonly name: 'notice'; readonly data: { readonly message: string } }
  | { readonly name: 'done'; readonly data: Readonly<Record<string, never>> }
  /** Not `error`, which is what an `EventSource` calls its own. */
  | { readonly name: 'failed'; readonly data: ChatFailure };

/** The members of a problem without those that are about HTTP: the status has been sent. */
export type ChatFailure = Pick<
  ProblemDetails,
  'message' | 'code' | 'retryable' | 'retryAfterSeconds' | 'actions' | 'correlationId'
>;

/**
 * Of all that a stream brings, what its reader can use. Throws what the stream throws.
 *
 * @param goesOn said when a broken answer goes on
 */
export async function* chatEvents(
  stream: ClaudeMessageStream,
  goesOn: string,
): AsyncGenerator<ChatEvent, void, undefined> {
  for await (const event of stream) {
    if (event.type === 'claude_stream_resumed') yield { name: 'notice', data: { message: goesOn } };
    if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') continue;
    if (event.delta.text !== '') yield { name: 'delta', data: { text: event.delta.text } };
  }
}

export function failedEvent({
  message,
  code,
  retryable,
  retryAfterSeconds,
  actions,
  correlationId,
}: ChatFailure): ChatEvent {
  const waiting = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return { name: 'failed', data: { message, code, retryable, ...waiting, actions, correlationId } };
}
