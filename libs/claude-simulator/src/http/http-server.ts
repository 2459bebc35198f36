import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './read-body.js';
import type { ReceivedRequest } from './received-request.js';
import type { Reply } from './reply.js';
import { sendReply } from './send-reply.js';

/** Answers one request; the signal aborts when the client leaves or the server stops. */
export type RequestHandler = (request: ReceivedRequest, signal: AbortSignal) => Promise<Reply>;

/** The longest body, in bytes, that requests to this path may have. */
export type BodyLimit = (path: string) => number;

/** Loopback only: the simulator has no business on a network. */
const HOST = '127.0.0.1';
/** Longer than clients keep idle connections, so that they never reuse one that is just being closed. */
const KEEP_ALIVE_MS = 60_000;

/** The HTTP side of the simulator: bytes in, replies out, no knowledge of Claude. */
export class HttpServer {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param port 0 for any free one   @throws when the port is taken */
  static async listen(port: number, bodyLimit: BodyLimit, handler: RequestHandler): Promise<HttpServer> {
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      void serve(request, response, bodyLimit, handler);
    });
    server.listen(port, HOST);
    await once(server, 'listening');
    return new HttpServer(server, (server.address() as AddressInfo).port);
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  /** Ends every connection, hung ones too. Calling it again does nothing. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  bodyLimit: BodyLimit,
  handler: RequestHandler,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  // A socket that breaks while we write is the client's business.
  response.on('error', () => undefined);
  const received = await receive(request, bodyLimit).catch(() => undefined);
  // The client broke off while sending: there is nobody to answer.
  if (received === undefined) return;
  try {
    await sendReply(response, await handler(received, left.signal));
  } catch (error) {
    // A defect of the simulator: say so instead of dying or hanging.
    if (response.headersSent) response.destroy();
    else
      await sendReply(response, {
        kind: 'whole',
        status: 500,
        headers: {},
        body: `simulator defect: ${String(error)}`,
      });
  }
}

async function receive(request: IncomingMessage, bodyLimit: BodyLimit): Promise<ReceivedRequest> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const body = await readBody(request, bodyLimit(path));
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
    body,
  };
}
