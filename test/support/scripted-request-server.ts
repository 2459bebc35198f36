import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with one request. */
export type Step = (response: ServerResponse, asked: AskedRequest) => void;

export interface AskedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Speaks the HTTP contract of deferred requests, well or badly, as each test tells it to. */
export class ScriptedRequestServer {
  readonly #steps = new Map<string, Step[]>();
  readonly #server: Server;
  #arrived: (() => void)[] = [];
  /** Requests so far, the oldest first. */
  readonly asked: AskedRequest[] = [];
  /** Answers that are being written, or waited for. */
  open = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      this.open += 1;
      response.on('close', () => {
        this.open -= 1;
        this.#wake();
      });
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => {});
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const asked = { method, path, headers, body: Buffer.concat(chunks).toString() };
        this.asked.push(asked);
        const steps = this.#steps.get(`${method} ${path}`) ?? [];
        const step = steps.length > 1 ? steps.shift() : steps[0];
        (step ?? answer(404))(response, asked);
        this.#wake();
      });
    });
  }

  static async start(): Promise<ScriptedRequestServer> {
    const scripted = new ScriptedRequestServer();
    await new Promise<void>((resolve) => scripted.#server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Each request takes the next step; the last one stays. @param route such as `GET /status` */
  on(route: string, ...steps: Step[]): void {
    this.#steps.set(route, steps);
  }

  /** The requests of one route. */
  of(route: string): readonly AskedRequest[] {
    return this.asked.filter(({ method, path }) => `${method} ${path}` === route);
  }

  /** Resolves when it is so; looks whenever a request arrives or an answer ends. */
  async until(isSo: (server: this) => boolean): Promise<void> {
    while (!isSo(this)) await new Promise<void>((resolve) => this.#arrived.push(resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #wake(): void {
    const waiting = this.#arrived;
    this.#arrived = [];
    for (const wake of waiting) wake();
  }
}

/** JSON for an object; text as it is, whatever the headers say of it. */
export function answer(status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}): Step {
  return (response) => {
    const type = status >= 400 ? 'application/problem+json' : 'application/json';
    response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, ...headers });
    response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  };
}

/** How a stream goes on after what it says: it ends well, breaks, or stays open. */
export type StreamEnd = 'end' | 'break' | 'stay';

export function stream(text: string | Uint8Array, then: StreamEnd = 'end'): Step {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.flushHeaders();
    if (then === 'end') return void response.end(text);
    response.write(text, () => {
      if (then === 'break') response.destroy();
    });
  };
}

/** Takes the request and says nothing at all. */
export const silence: Step = () => {};

/** Hangs up without a word. */
export const hangUp: Step = (response) => void response.destroy();
