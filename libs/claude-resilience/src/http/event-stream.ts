import { Readable } from 'node:stream';
import type { Clock } from '../core/clock.port.js';

/** One server-sent event; `data` becomes JSON, which has no line breaks of its own. */
export interface ServerSentEvent {
  readonly id: string;
  readonly name: string;
  readonly data: object;
}

/** Headers of such an answer: nobody on the way keeps it, or gathers it up. */
export const EVENT_STREAM_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** So often something is sent, in milliseconds, for proxies that take silence for an end. */
const HEARTBEAT_MS = 15_000;
/** A client that lost the connection comes back after so many milliseconds. */
const RETRY_MS = 3_000;

/** What goes over the wire; the next event is asked for when the last was taken. Ends when `events` does. */
export function eventStream(events: AsyncIterable<ServerSentEvent>, clock: Clock): Readable {
  return Readable.from(frames(events, clock), { objectMode: false });
}

async function* frames(events: AsyncIterable<ServerSentEvent>, clock: Clock): AsyncGenerator<string> {
  yield `retry: ${RETRY_MS}\n\n`;
  const iterator = events[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const got = await orHeartbeat(next, clock);
      if (got === 'heartbeat') {
        yield ': keep-alive\n\n';
        continue;
      }
      if (got.done === true) return;
      const { id, name, data } = got.value;
      yield `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
      next = iterator.next();
    }
  } finally {
    await iterator.return?.();
  }
}

async function orHeartbeat<T>(next: Promise<T>, clock: Clock): Promise<T | 'heartbeat'> {
  const { promise: heartbeat, resolve } = Promise.withResolvers<'heartbeat'>();
  const stop = clock.after(HEARTBEAT_MS, () => resolve('heartbeat'));
  try {
    return await Promise.race([next, heartbeat]);
  } finally {
    stop();
  }
}
