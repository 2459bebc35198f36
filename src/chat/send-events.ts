import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** One event on the wire; `data` becomes JSON, which has no line breaks of its own. */
export interface NamedEvent {
  readonly name: string;
  readonly data: object;
}

export interface SendOptions {
  /** What the ids of the events begin with: `<idPrefix>:1`, `<idPrefix>:2` ... */
  readonly idPrefix: string;
  /** Aborts when the client has left. */
  readonly left: AbortSignal;
  /** So often something is sent, in milliseconds, for proxies that take silence for an end. @default 15_000 */
  readonly heartbeatMs?: number;
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // Otherwise some proxies keep the words until there are enough of them.
  'X-Accel-Buffering': 'no',
} as const;

const HEARTBEAT_MS = 15_000;

/**
 * Answers with server-sent events. The next one is asked for only when the client has taken the last, so nothing piles up
 * here. Leaves the loop, and with it whatever makes the events, when the client leaves. Ends the response however it ends.
 */
export async function sendEvents(
  response: ServerResponse,
  events: AsyncIterable<NamedEvent>,
  { idPrefix, left, heartbeatMs = HEARTBEAT_MS }: SendOptions,
): Promise<void> {
  response.writeHead(200, HEADERS);
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  }, heartbeatMs);
  try {
    let sequence = 0;
    for await (const { name, data } of events) {
      sequence++;
      const frame = `id: ${idPrefix}:${sequence}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
      if (!response.write(frame)) await once(response, 'drain', { signal: left });
    }
  } catch (error) {
    if (!left.aborted) throw error;
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}
