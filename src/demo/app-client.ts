import { parseEvents, type ServerSentEvent } from './server-sent-event.js';

/** One request to the application. */
export interface AppRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AppAnswer {
  readonly status: number;
  readonly contentType: string;
  /** `X-Claude-Outcome`, where there is one. */
  readonly outcome: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  readonly tookMs: number;
}

/** An answer that came as server-sent events, once it has ended. */
export interface StreamedAnswer {
  readonly status: number;
  readonly events: readonly ServerSentEvent[];
  readonly tookMs: number;
}

export function post(path: string, body: Readonly<Record<string, unknown>>): AppRequest {
  return { method: 'POST', path, body };
}

export function get(path: string): AppRequest {
  return { method: 'GET', path };
}

/** Talks to the application as its users do: over HTTP, knowing nothing of its insides. */
export class AppClient {
  constructor(
    readonly url: string,
    private readonly stop: AbortSignal,
  ) {}

  async send(request: AppRequest): Promise<AppAnswer> {
    const startedAtMs = performance.now();
    const response = await this.#fetch(request);
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      outcome: response.headers.get('x-claude-outcome') ?? undefined,
      body: (await response.json()) as AppAnswer['body'],
      tookMs: performance.now() - startedAtMs,
    };
  }

  /** The same for routes that answer with server-sent events: all of them, to the last. */
  async sendAndListen(request: AppRequest): Promise<StreamedAnswer> {
    const startedAtMs = performance.now();
    const response = await this.#fetch(request);
    const events = parseEvents(await response.text());
    return { status: response.status, events, tookMs: performance.now() - startedAtMs };
  }

  #fetch({ method, path, body, headers }: AppRequest): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      signal: this.stop,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}
