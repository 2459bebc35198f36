import { isJson, isPassing, retryAfterMsOf } from './answer-facts.js';
import {
  ClaudeClientError,
  ClaudeRequestNotFound,
  ClaudeUnexpectedAnswer,
  ClaudeUnreachable,
} from './claude-client-errors.js';
import type { ClientWire } from './client-wire.js';
import { parseObject, textOf } from './json-object.js';
import { pauseBefore } from './pause-before.js';
import { SilenceWatch } from './silence-watch.js';
import { wait } from './wait.js';

/** What became of the wish to cancel. `too-late`: the request had ended otherwise, and its result stands. */
export interface ClaudeCancellation {
  readonly outcome: 'cancelled' | 'too-late';
  /** For the end user. */
  readonly message: string;
}

/** DELETE may be sent again, so a connection that breaks is no reason to leave the user in doubt. */
const ATTEMPTS = 3;
/** The first pause between them, in milliseconds. */
const PAUSE_MS = 1_000;

/** @throws {ClaudeRequestNotFound} @throws {ClaudeAccessDenied} @throws {ClaudeUnreachable} after three attempts */
export async function cancelRequest(wire: ClientWire, statusUrl: string): Promise<ClaudeCancellation> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askToCancel(wire, statusUrl);
    if ('outcome' in answer) return answer;
    if (attempt === ATTEMPTS) throw new ClaudeUnreachable(answer);
    await wait(pauseBefore(PAUSE_MS, attempt - 1, answer.askedMs, wire.timer.random()), wire.timer);
  }
}

async function askToCancel(
  wire: ClientWire,
  url: string,
): Promise<ClaudeCancellation | { readonly askedMs: number; readonly cause?: unknown }> {
  const watch = new SilenceWatch(wire.timer);
  try {
    const headers = { accept: 'application/json' };
    const response = await wire.send(url, { method: 'DELETE', headers, signal: watch.signal });
    if (response.status === 404 || response.status === 410) throw new ClaudeRequestNotFound();
    if (isPassing(response)) return { askedMs: retryAfterMsOf(response) };
    const body = isJson(response) ? parseObject(await response.text()) : undefined;
    const message = textOf(body?.['message']);
    if (response.status === 409) return { outcome: 'too-late', message };
    // A page with status 200 that some server writes for everything is not a promise.
    if (response.ok && body?.['status'] === 'cancelled') return { outcome: 'cancelled', message };
    throw new ClaudeUnexpectedAnswer(response.status);
  } catch (error) {
    if (error instanceof ClaudeClientError) throw error;
    return { askedMs: 0, cause: error };
  } finally {
    watch.close();
  }
}
