import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ANSWER, MODEL } from '../subjects/answer.js';
import { streamEvents } from '../subjects/stream-events.js';

/** Limits that nobody reaches, in the headers of every answer, as the API sends them. */
const LIMITS = ['requests', 'input-tokens', 'output-tokens'].flatMap((name) => [
  [`anthropic-ratelimit-${name}-limit`, '1000000000'],
  [`anthropic-ratelimit-${name}-remaining`, '999999000'],
  [`anthropic-ratelimit-${name}-reset`, new Date(Date.now() + 60_000).toISOString()],
]);
const HEADERS = Object.fromEntries([...LIMITS, ['request-id', 'req_bench']]);
const BODY = Buffer.from(JSON.stringify(ANSWER));
const STREAM = Buffer.from(
  streamEvents(200, MODEL)
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join(''),
);

/** Answers every request at once: a stream, in one burst, where the path says so. @returns its port */
export default async function messagesServer(): Promise<number> {
  const server = createServer((request, response) => {
    let asked = '';
    request.setEncoding('latin1');
    request.on('data', (chunk: string) => (asked += chunk));
    request.on('end', () => answer(asked.includes('"stream":true'), response));
  });
  server.keepAliveTimeout = 600_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function answer(isStream: boolean, response: ServerResponse): void {
  const [type, body] = isStream ? ['text/event-stream', STREAM] : ['application/json', BODY];
  response.writeHead(200, { ...HEADERS, 'content-type': type, 'content-length': body.length });
  response.end(body);
}
