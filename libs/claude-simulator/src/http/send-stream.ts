import type { ServerResponse } from 'node:http';
import { setImmediate as turnOfEvents } from 'node:timers/promises';
import type { StreamReply } from './reply.js';

/**
 * A reset overtakes whatever the client has not read yet. So many turns of the event loop let a client in this process
 * read first; to one elsewhere the pause between two events gives the time.
 */
const TURNS_BEFORE_BREAKING = 5;

/** Sends a body piece by piece, no faster than the client takes it; stops asking for pieces once the client has left. */
export async function sendStream(response: ServerResponse, reply: StreamReply): Promise<void> {
  const { socket } = response;
  response.writeHead(reply.status, reply.headers);
  response.flushHeaders();
  for await (const piece of reply.pieces) {
    if (!response.write(piece)) await untilTaken(response);
    // Without this a stream without pauses would keep the process from noticing that its client has left.
    await turnOfEvents();
    if (response.destroyed) return;
  }
  if (response.destroyed) return;
  if (reply.ending === 'end') {
    response.end();
    return;
  }
  for (let turn = 0; turn < TURNS_BEFORE_BREAKING; turn += 1) await turnOfEvents();
  if (reply.ending === 'close') socket?.destroy();
  else socket?.resetAndDestroy();
}

/** Resolves when the client has taken what was written, or has left. */
function untilTaken(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
    if (response.destroyed) done();
  });
}
