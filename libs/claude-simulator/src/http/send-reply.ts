import type { ServerResponse } from 'node:http';
import type { Reply } from './reply.js';
import { sendStream } from './send-stream.js';

/** Puts a reply on the wire. A client that has left is no error. */
export async function sendReply(response: ServerResponse, reply: Reply): Promise<void> {
  if (response.destroyed) return;
  switch (reply.kind) {
    case 'whole':
      response.writeHead(reply.status, withLength(reply.headers, reply.body)).end(reply.body);
      return;
    case 'partial':
      sendPart(response, reply);
      return;
    case 'stream':
      await sendStream(response, reply);
      return;
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    default:
      reply satisfies never;
  }
}

function sendPart(response: ServerResponse, reply: Extract<Reply, { kind: 'partial' }>): void {
  const { socket } = response;
  const part = Buffer.from(reply.body).subarray(0, reply.sentBytes);
  response.writeHead(reply.status, withLength(reply.headers, reply.body));
  response.flushHeaders();
  // The connection breaks only after the part has left, so that the client always sees the headers first.
  response.write(part, () => {
    if (reply.ending === 'close') socket?.destroy();
    if (reply.ending === 'reset') socket?.resetAndDestroy();
  });
}

function withLength(headers: Readonly<Record<string, string>>, body: string): Record<string, string> {
  return { ...headers, 'content-length': String(Buffer.byteLength(body)) };
}
