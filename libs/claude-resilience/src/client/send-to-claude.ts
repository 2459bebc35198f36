import { isJson, mediaTypeOf } from './answer-facts.js';
import type { ClaudeClientOptions } from './claude-client.options.js';
import { ClaudeClientError, ClaudeUnexpectedAnswer, ClaudeUnreachable } from './claude-client-errors.js';
import { ClaudeRequest } from './claude-request.js';
import { ClientWire } from './client-wire.js';
import { isObject, textOf } from './json-object.js';
import { readAccepted } from './read-event.js';
import { readProblem } from './read-problem.js';
import { resolveUrl, resolveWithin } from './resolve-url.js';

export interface SendToClaudeOptions extends ClaudeClientOptions {
  /** Sent as JSON; without it, there is no body. */
  readonly body?: unknown;
  /** @default 'POST' */
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'GET';
  /** Asks for an answer later rather than one that is waited for: `Prefer: respond-async`. @default false */
  readonly respondAsync?: boolean;
}

/**
 * Sends a request to a feature route, once: it is for the caller to know whether it may be sent again. An answer at
 * once, one that comes later and one that says no look the same: `result()` gives it or throws, `events()` tells it.
 * While it is on its way, `signal` ends the sending; the server may have begun.
 *
 * @typeParam Result of the feature; it is not checked
 * @throws {ClaudeUnreachable} @throws {ClaudeAccessDenied} @throws {ClaudeUnexpectedAnswer} the reason of `signal`
 * @throws {ClaudeUrlRefused} also when the server names a place of another origin for the answer
 */
export async function sendToClaude<Result = unknown>(
  url: string,
  options: SendToClaudeOptions = {},
): Promise<ClaudeRequest<Result>> {
  const asked = resolveUrl(url, options.baseUrl);
  const { response, body } = await exchange(asked, options);
  if (!response.ok && response.status < 400) throw new ClaudeUnexpectedAnswer(response.status);
  if (!response.ok) {
    const problem = readProblem(body, response.status);
    return new ClaudeRequest(
      { outcome: 'failed', end: { type: 'failed', message: problem.message, problem } },
      options,
    );
  }
  const said = isObject(body) ? body : {};
  const { statusUrl, eventsUrl } = said;
  const outcome = response.headers.get('x-claude-outcome');
  if (response.status === 202 && typeof statusUrl === 'string') {
    // An own `fetch` may not say where the answer came from, or have followed a redirect to another origin.
    const base = new URL(resolveWithin(response.url || asked.href, asked));
    const urls = {
      statusUrl: resolveWithin(statusUrl, base),
      eventsUrl: typeof eventsUrl === 'string' ? resolveWithin(eventsUrl, base) : undefined,
    };
    return new ClaudeRequest<Result>({ outcome: 'deferred', urls, accepted: readAccepted(said) }, options);
  }
  if (outcome === 'deferred') throw new ClaudeUnexpectedAnswer(response.status);
  const end = { type: 'done', message: textOf(said['message']), result: body as Result } as const;
  return new ClaudeRequest({ outcome: outcome === 'fallback' ? 'fallback' : 'served', end }, options);
}

async function exchange(url: URL, options: SendToClaudeOptions) {
  const { method = 'POST', body, respondAsync, signal } = options;
  const wire = new ClientWire(options);
  const json = body === undefined ? undefined : JSON.stringify(body);
  try {
    const response = await wire.send(url.href, {
      method,
      headers: {
        accept: 'application/json',
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(respondAsync === true && { prefer: 'respond-async' }),
      },
      ...(json !== undefined && { body: json }),
      ...(signal !== undefined && { signal }),
    });
    return { response, body: await readBody(response) };
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw error instanceof ClaudeClientError ? error : new ClaudeUnreachable({ cause: error });
  }
}

/** JSON as what it is, other text as text, nothing as `undefined`. */
async function readBody(response: Response): Promise<unknown> {
  if (mediaTypeOf(response) === 'text/event-stream') {
    await response.body?.cancel();
    throw new ClaudeUnexpectedAnswer(response.status);
  }
  const text = await response.text();
  if (text === '') return undefined;
  if (!isJson(response)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Of an answer that says no, the status says enough.
    if (!response.ok) return undefined;
    throw new ClaudeUnexpectedAnswer(response.status);
  }
}
