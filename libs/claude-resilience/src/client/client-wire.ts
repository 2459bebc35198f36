import type { ClaudeClientOptions } from './claude-client.options.js';
import { ClaudeAccessDenied } from './claude-client-errors.js';
import type { ClaudeClientTimer } from './client-timer.js';
import { systemTimer } from './system-timer.js';

interface WireRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Sends what the client sends: the caller's headers under ours, no redirects, no cache. */
export class ClientWire {
  readonly timer: ClaudeClientTimer;
  readonly #headers: Headers | Extract<ClaudeClientOptions['headers'], () => unknown>;

  /** @throws {TypeError} for headers that HTTP cannot carry: now, where it is seen, and not as a connection that fails for ever */
  constructor(private readonly options: ClaudeClientOptions) {
    this.timer = options.timer ?? systemTimer;
    this.#headers = typeof options.headers === 'function' ? options.headers : new Headers(options.headers);
  }

  /** @throws {ClaudeAccessDenied} for 401 and 403; whatever `fetch` throws */
  async send(url: string, { headers: ours, ...request }: WireRequest): Promise<Response> {
    const { fetch = globalThis.fetch } = this.options;
    const headers = new Headers(typeof this.#headers === 'function' ? await this.#headers() : this.#headers);
    for (const [name, value] of Object.entries(ours)) headers.set(name, value);
    // A redirect would carry headers like x-api-key to another host. Browsers want fetch called without a `this`.
    const response = await fetch(url, { ...request, headers, redirect: 'manual', cache: 'no-store' });
    if (response.status === 401 || response.status === 403) throw new ClaudeAccessDenied(response.status);
    return response;
  }
}
