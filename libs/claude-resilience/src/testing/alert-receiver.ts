import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedAlert {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers: a status with headers and a text, or not at all. */
export type AlertAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly text?: string }
  | 'hang'
  | 'reset';

/** A receiver of alerts on this machine that answers as it is told to. */
export class AlertReceiver {
  readonly received: ReceivedAlert[] = [];
  /** What the next requests get; then `usual`. */
  readonly answers: AlertAnswer[] = [];

  private constructor(
    private readonly server: Server,
    private readonly usual: AlertAnswer,
  ) {
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        this.received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
        answer(response, this.answers.shift() ?? this.usual);
      });
    });
  }

  static async start(usual: AlertAnswer): Promise<AlertReceiver> {
    const server = createServer();
    const receiver = new AlertReceiver(server, usual);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Bodies as they were meant. */
  get bodies(): readonly unknown[] {
    return this.received.map(({ body }) => JSON.parse(body) as unknown);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function answer(response: ServerResponse, wanted: AlertAnswer): void {
  if (wanted === 'hang') return;
  if (wanted === 'reset') return void response.socket?.destroy();
  response.writeHead(wanted.status, wanted.headers).end(wanted.text ?? '');
}
