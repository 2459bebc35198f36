import { isPassing, mediaTypeOf, retryAfterMsOf } from './answer-facts.js';
import { ClaudeClientError } from './claude-client-errors.js';
import type { ClientWire } from './client-wire.js';
import { SilenceWatch } from './silence-watch.js';
import { SseParser, type SseMessage } from './sse-parser.js';

/**
 * How one connection to the events ended. `stopped`: the reader had enough. `impossible`: events do not pass here, or
 * there are no more. `lost`: worth another connection; `brought` says how far this one got, where a server answered.
 */
export type ConnectionEnd =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'impossible' }
  | { readonly kind: 'lost'; readonly brought: 'bytes' | 'no-bytes' | 'no-answer'; readonly askedMs: number };

/** Reads one connection. @param take is given what each chunk brings, also when it is nothing; says whether to read on */
export async function listen(
  wire: ClientWire,
  url: string,
  lastEventId: string,
  take: (messages: readonly SseMessage[], retryMs: number | undefined) => boolean,
  signal: AbortSignal,
): Promise<ConnectionEnd> {
  const watch = new SilenceWatch(wire.timer, signal);
  let brought: 'bytes' | 'no-bytes' | 'no-answer' = 'no-answer';
  try {
    const headers = { accept: 'text/event-stream', ...(lastEventId !== '' && { 'last-event-id': lastEventId }) };
    const response = await wire.send(url, { headers, signal: watch.signal });
    if (isPassing(response)) return { kind: 'lost', brought: 'no-bytes', askedMs: retryAfterMsOf(response) };
    const isStream = response.status === 200 && mediaTypeOf(response) === 'text/event-stream';
    if (!isStream || response.body === null) return { kind: 'impossible' };
    brought = 'no-bytes';
    const parser = new SseParser();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted || done) break;
      brought = 'bytes';
      watch.heard();
      if (!take(parser.push(value), parser.retryMs)) return { kind: 'stopped' };
    }
  } catch (error) {
    if (error instanceof ClaudeClientError) throw error;
    // Not even a heartbeat: something on the way keeps the stream to itself until it ends.
    if (watch.isSilent && brought !== 'bytes') return { kind: 'impossible' };
  } finally {
    watch.close();
  }
  return { kind: 'lost', brought, askedMs: 0 };
}
