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

  async send({ method, path, body, headers }: AppRequest): Promise<AppAnswer> {
    const startedAtMs = performance.now();
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: this.stop,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      outcome: response.headers.get('x-claude-outcome') ?? undefined,
      body: (await response.json()) as AppAnswer['body'],
      tookMs: performance.now() - startedAtMs,
    };
  }
}
