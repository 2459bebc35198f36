import { readEvents, type ServerSentEvent } from './server-sent-event.js';

/** One request to the application. */
export interface AppRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the operators' token goes with it. @default false */
  readonly asOperator?: boolean;
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

export function cancel(path: string): AppRequest {
  return { method: 'DELETE', path };
}

/** Talks to the application as its users and operators do: over HTTP, knowing nothing of its insides. */
export class AppClient {
  constructor(
    readonly url: string,
    private readonly stop: AbortSignal,
    private readonly operatorToken: string,
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

  /** The same for routes that answer with a text. */
  async sendForText(request: AppRequest): Promise<{ readonly status: number; readonly text: string }> {
    const response = await this.#fetch(request);
    return { status: response.status, text: await response.text() };
  }

  /** The same for routes that answer with server-sent events: all of them, to the last. */
  async sendAndListen(request: AppRequest): Promise<StreamedAnswer> {
    const startedAtMs = performance.now();
    const response = await this.#fetch(request);
    const events: ServerSentEvent[] = [];
    if (response.body !== null) for await (const event of readEvents(response.body)) events.push(event);
    return { status: response.status, events, tookMs: performance.now() - startedAtMs };
  }

  /**
   * Server-sent events as they come; whoever leaves the loop closes the connection.
   *
   * @param patienceMs for all of them, in milliseconds @throws when they take longer, and for another answer than events
   */
  async *follow(path: string, patienceMs: number): AsyncGenerator<ServerSentEvent, void, undefined> {
    const response = await this.#fetch(get(path), AbortSignal.any([this.stop, AbortSignal.timeout(patienceMs)]));
    if (response.status !== 200 || response.body === null) throw new Error(`${response.status} instead of events`);
    yield* readEvents(response.body);
  }

  #fetch({ method, path, body, headers, asOperator = false }: AppRequest, signal = this.stop): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      signal,
      headers: {
        'content-type': 'application/json',
        ...(asOperator && { authorization: `Bearer ${this.operatorToken}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}
