import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How a reply ends before its time. `close` is in good order, `hangup` without the end that HTTP wants. */
export type CutBy = 'close' | 'hangup' | 'reset' | 'silence' | { readonly errorType: string };

/** What the server says to one request. */
export interface Reply {
  readonly bytes: Buffer;
  /** Sends only so many bytes of it, and then cuts. -1: not even headers. */
  readonly cut?: { readonly atByte: number; readonly by: CutBy };
  /** @default text/event-stream */
  readonly contentType?: string;
}

/** The part of a request that these tests look at. */
export interface Asked {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** Turns of the event loop in which what was written reaches a reader in the same process. */
const TURNS_TO_ARRIVE = 6;

/** An API that says exactly the bytes it is told to, and ends each reply as it is told to. */
export class CuttingServer {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  /** Requests so far, the oldest first. */
  readonly asked: Asked[] = [];
  answer: (asked: Asked, number: number) => Reply = () => ({ bytes: Buffer.alloc(0) });
  /** A reply went silent, and stays so until the other side hangs up. */
  onSilence: (response: ServerResponse) => void = () => {};

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(): Promise<CuttingServer> {
    const server = new CuttingServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.asked.push(JSON.parse(Buffer.concat(chunks).toString()) as Asked);
    const {
      bytes,
      cut,
      contentType = 'text/event-stream; charset=utf-8',
    } = this.answer(this.asked.at(-1)!, this.asked.length);
    // Every socket is of one request, so that an open one is a request that nobody ended.
    if (cut === undefined || cut.atByte >= 0)
      response.writeHead(200, { 'content-type': contentType, connection: 'close' }).flushHeaders();
    if (cut === undefined) return void response.end(bytes);
    if (cut.atByte > 0) await new Promise((resolve) => response.write(bytes.subarray(0, cut.atByte), resolve));
    await turns(TURNS_TO_ARRIVE);
    this.#cut(response, cut.by);
  }

  #cut(response: ServerResponse, by: CutBy): void {
    if (by === 'close') response.end();
    else if (by === 'hangup') response.socket?.destroy();
    else if (by === 'reset') response.socket?.resetAndDestroy();
    else if (by === 'silence') this.onSilence(response);
    else response.end(`event: error\ndata: ${errorEvent(by.errorType)}\n\n`);
  }
}

/** Lets the event loop turn. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function errorEvent(type: string): string {
  return JSON.stringify({ type: 'error', error: { details: null, type, message: 'Cut' }, request_id: 'req_cut' });
}
