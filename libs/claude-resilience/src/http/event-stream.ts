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

interface Reader {
  isGone: boolean;
  onGone: () => void;
}

/**
 * What goes over the wire; the next event is asked for when the last was taken. Ends when `events` does, and lets that go
 * when its reader has gone.
 */
export function eventStream(events: AsyncIterable<ServerSentEvent>, clock: Clock): Readable {
  const reader: Reader = { isGone: false, onGone: () => {} };
  const told = frames(events, clock, reader);
  const frame: AsyncIterableIterator<string> = {
    next: () => told.next(),
    // By itself it would wait for the next event, or the next sign of life, before it lets go.
    return: () => {
      reader.isGone = true;
      reader.onGone();
      return told.return(undefined);
    },
    [Symbol.asyncIterator]: () => frame,
  };
  return Readable.from(frame, { objectMode: false });
}

async function* frames(events: AsyncIterable<ServerSentEvent>, clock: Clock, reader: Reader): AsyncGenerator<string> {
  const iterator = events[Symbol.asyncIterator]();
  let isOver = false;
  try {
    yield `retry: ${RETRY_MS}\n\n`;
    let next = iterator.next();
    for (;;) {
      const got = await orHeartbeat(next, clock, reader);
      if (got === 'gone') return;
      if (got === 'heartbeat') {
        yield ': keep-alive\n\n';
        continue;
      }
      isOver = got.done === true;
      if (got.done === true) return;
      const { id, name, data } = got.value;
      yield `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
      next = iterator.next();
    }
  } finally {
    // Not waited for: it may be in the middle of its own waiting.
    if (!isOver) void iterator.return?.().catch(() => {});
  }
}

async function orHeartbeat<T>(next: Promise<T>, clock: Clock, reader: Reader): Promise<T | 'heartbeat' | 'gone'> {
  if (reader.isGone) return 'gone';
  const { promise: other, resolve } = Promise.withResolvers<'heartbeat' | 'gone'>();
  reader.onGone = () => resolve('gone');
  const stop = clock.after(HEARTBEAT_MS, () => resolve('heartbeat'));
  try {
    return await Promise.race([next, other]);
  } finally {
    stop();
  }
}
