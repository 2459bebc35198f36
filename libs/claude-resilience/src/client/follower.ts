import type { ClaudeRequestEvent } from './claude-request-event.js';
import type { ClientWire } from './client-wire.js';
import { listen } from './listen.js';
import { pauseBefore } from './pause-before.js';
import { readEvent } from './read-event.js';
import type { SseMessage } from './sse-parser.js';
import { StatusPoll } from './status-poll.js';
import { wait } from './wait.js';

/** Before a new connection, until the server names its own time; in milliseconds. */
const RETRY_MS = 3_000;
/** The least that is waited, whatever the server names, in milliseconds. */
const LEAST_RETRY_MS = 100;
/** So many answers in a row without a byte of a stream, and the status is asked for instead. */
const BARREN_LIMIT = 3;

export interface FollowedUrls {
  readonly statusUrl: string;
  /** Without it, the status is asked for from the beginning. */
  readonly eventsUrl?: string | undefined;
}

/**
 * Follows one request, over any number of connections: by its events, or by asking for its status where events cannot
 * pass. What was told is kept from run to run, so that a later one goes on where the last one stopped.
 */
export class Follower {
  readonly #poll: StatusPoll;
  #eventsUrl: string | undefined;
  #lastEventId = '';
  #lastSeq = -1;
  #retryMs = RETRY_MS;
  /** Connections in a row without news. */
  #failures = 0;
  #barren = 0;

  /** @param deliver is told what is new, and aborts the run when that was the end */
  constructor(
    private readonly wire: ClientWire,
    { statusUrl, eventsUrl }: FollowedUrls,
    private readonly deliver: (event: ClaudeRequestEvent) => void,
  ) {
    this.#eventsUrl = eventsUrl;
    this.#poll = new StatusPoll(wire, statusUrl, deliver);
  }

  /** Returns when `signal` aborts. @throws {ClaudeClientError} when there is no going on */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const url = this.#eventsUrl;
      const pauseMs = await (url === undefined ? this.#poll.look(signal) : this.#listen(url, signal));
      if (pauseMs > 0) await wait(pauseMs, this.wire.timer, signal);
    }
  }

  /** One connection. @returns the pause before the next one, in milliseconds */
  async #listen(url: string, signal: AbortSignal): Promise<number> {
    const end = await listen(
      this.wire,
      url,
      this.#lastEventId,
      (messages, retryMs) => {
        this.#retryMs = Math.max(LEAST_RETRY_MS, retryMs ?? this.#retryMs);
        return messages.every((message) => this.#take(message) && !signal.aborted);
      },
      signal,
    );
    if (signal.aborted || end.kind === 'stopped') return 0;
    // Where no server answers, asking for the status would be no better.
    if (end.kind === 'lost' && end.brought !== 'no-answer')
      this.#barren = end.brought === 'bytes' ? 0 : this.#barren + 1;
    if (end.kind === 'impossible' || this.#barren >= BARREN_LIMIT) {
      this.#eventsUrl = undefined;
      return 0;
    }
    const pauseMs = pauseBefore(this.#retryMs, this.#failures, end.askedMs, this.wire.timer.random());
    this.#failures += 1;
    return pauseMs;
  }

  /** Delivers what was not told before. @returns whether to read on here */
  #take({ id, event: name, data }: SseMessage): boolean {
    const seq = /:(\d+)$/.exec(id)?.[1];
    if (seq !== undefined && Number(seq) <= this.#lastSeq) return true;
    if (seq !== undefined) this.#lastSeq = Number(seq);
    const event = readEvent(name, data);
    if (event === 'unreadable') {
      this.#eventsUrl = undefined;
      return false;
    }
    this.#lastEventId = id;
    this.#failures = 0;
    if (event !== 'unknown') this.deliver(event);
    return true;
  }
}
