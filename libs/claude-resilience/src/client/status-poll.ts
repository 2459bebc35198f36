import { isJson, isPassing, retryAfterMsOf } from './answer-facts.js';
import { ClaudeClientError, ClaudeRequestNotFound, ClaudeUnexpectedAnswer } from './claude-client-errors.js';
import type { ClaudeRequestEvent } from './claude-request-event.js';
import type { ClientWire } from './client-wire.js';
import { pauseBefore } from './pause-before.js';
import { readState } from './read-event.js';
import { SilenceWatch } from './silence-watch.js';

/** Between two looks, unless the server names a time; in milliseconds. */
const POLL_MS = 5_000;
/** So many answers in a row that say nothing about the request, and it is given up. */
const SENSELESS_LIMIT = 5;

/** Asks for the status of a request, again and again, without having it sent twice when nothing is new. */
export class StatusPoll {
  #etag: string | undefined;
  /** Looks in a row that brought nothing. */
  #failures = 0;
  #senseless = 0;

  constructor(
    private readonly wire: ClientWire,
    private readonly statusUrl: string,
    private readonly deliver: (event: ClaudeRequestEvent) => void,
  ) {}

  /** One look. @returns the pause before the next one, in milliseconds @throws {ClaudeClientError} when another makes no sense */
  async look(signal: AbortSignal): Promise<number> {
    const watch = new SilenceWatch(this.wire.timer, signal);
    try {
      const headers = { accept: 'application/json', ...(this.#etag !== undefined && { 'if-none-match': this.#etag }) };
      const response = await this.wire.send(this.statusUrl, { headers, signal: watch.signal });
      const askedMs = retryAfterMsOf(response);
      if (response.status === 404 || response.status === 410) throw new ClaudeRequestNotFound();
      if (response.status === 304) return this.#pauseAfterSense(askedMs);
      if (isPassing(response)) return this.#pauseAfterFailure(askedMs);
      const events = response.status === 200 && isJson(response) ? readState(await response.text()) : undefined;
      if (signal.aborted) return 0;
      if (events === undefined) {
        this.#senseless += 1;
        if (this.#senseless >= SENSELESS_LIMIT) throw new ClaudeUnexpectedAnswer(response.status);
        return this.#pauseAfterFailure(askedMs);
      }
      this.#etag = response.headers.get('etag') ?? undefined;
      for (const event of events) this.deliver(event);
      return this.#pauseAfterSense(askedMs);
    } catch (error) {
      if (error instanceof ClaudeClientError) throw error;
      return this.#pauseAfterFailure(0);
    } finally {
      watch.close();
    }
  }

  #pauseAfterSense(askedMs: number): number {
    this.#failures = 0;
    this.#senseless = 0;
    return pauseBefore(askedMs > 0 ? 0 : POLL_MS, 0, askedMs, this.wire.timer.random());
  }

  #pauseAfterFailure(askedMs: number): number {
    const pauseMs = pauseBefore(POLL_MS, this.#failures, askedMs, this.wire.timer.random());
    this.#failures += 1;
    return pauseMs;
  }
}
