import { cancelRequest, type ClaudeCancellation } from './cancel-request.js';
import type { ClaudeClientOptions } from './claude-client.options.js';
import { ClaudeRequestCancelled, ClaudeRequestFailed } from './claude-client-errors.js';
import type { ClaudeAcceptedEvent, ClaudeEndEvent, ClaudeRequestEvent } from './claude-request-event.js';
import { ClientWire } from './client-wire.js';
import { EventFeed } from './event-feed.js';
import { Follower, type FollowedUrls } from './follower.js';

/** How the request was answered when it was sent. `fallback` is a simplified answer, and says so (R29). */
export type ClaudeRequestOutcome = 'served' | 'fallback' | 'failed' | 'deferred';

/** What a request begins with: an answer, or the places where it will be. */
export type ClaudeRequestStart<Result> =
  | { readonly outcome: 'served' | 'fallback' | 'failed'; readonly end: ClaudeEndEvent<Result> }
  | { readonly outcome: 'deferred'; readonly urls: FollowedUrls; readonly accepted?: ClaudeAcceptedEvent };

/**
 * A request to a feature, whether it was answered at once or will be. It connects when somebody reads `events()` or
 * waits for `result()`; all who do share one connection, and it is closed when the last of them is gone.
 */
export class ClaudeRequest<Result = unknown> {
  readonly outcome: ClaudeRequestOutcome;
  /** Absolute. Keep both, and `followClaudeRequest` goes on after a reload; `undefined` for an answer that came at once. */
  readonly statusUrl: string | undefined;
  readonly eventsUrl: string | undefined;
  readonly #wire: ClientWire;
  readonly #feed = new EventFeed<ClaudeRequestEvent<Result>>();
  readonly #follower: Follower | undefined;
  #requestId: string | undefined;
  #end: ClaudeEndEvent<Result> | undefined;
  #readers = 0;
  #stop = () => {};

  /** Not for applications: `sendToClaude` and `followClaudeRequest` make requests. @internal */
  constructor(
    start: ClaudeRequestStart<Result>,
    private readonly options: ClaudeClientOptions,
  ) {
    this.outcome = start.outcome;
    this.#wire = new ClientWire(options);
    const urls = start.outcome === 'deferred' ? start.urls : undefined;
    this.statusUrl = urls?.statusUrl;
    this.eventsUrl = urls?.eventsUrl;
    const deliver = (event: ClaudeRequestEvent) => this.#publish(event as ClaudeRequestEvent<Result>);
    this.#follower = urls && new Follower(this.#wire, urls, deliver);
    const first = start.outcome === 'deferred' ? start.accepted : start.end;
    if (first !== undefined) this.#publish(first);
  }

  /** Known once the request was accepted; `undefined` for an answer that came at once. */
  get requestId(): string | undefined {
    return this.#requestId;
  }

  /**
   * What happens to the request, until its end: exactly one `done`, `failed` or `cancelled`, and nothing twice. Begins
   * with the newest event, so a late reader sees the state of things at once. Leaving the loop changes nothing for the
   * request. Connections that break are renewed, for as long as it takes; `signal` bounds that.
   *
   * @throws {ClaudeRequestNotFound} @throws {ClaudeAccessDenied} @throws {ClaudeUnexpectedAnswer} the reason of `signal`
   */
  async *events(): AsyncGenerator<ClaudeRequestEvent<Result>, void, undefined> {
    this.#readers += 1;
    if (this.#readers === 1) this.#follow();
    try {
      yield* this.#feed.read();
    } finally {
      this.#readers -= 1;
      if (this.#readers === 0) this.#stop();
    }
  }

  /**
   * Waits for the end.
   *
   * @throws {ClaudeRequestFailed} with what to tell the user @throws {ClaudeRequestCancelled} what `events()` throws
   */
  async result(): Promise<Result> {
    let end: ClaudeRequestEvent<Result> | undefined;
    for await (const event of this.events()) end = event;
    if (end?.type === 'done') return end.result;
    if (end?.type === 'failed') throw new ClaudeRequestFailed(end.problem);
    throw new ClaudeRequestCancelled(end?.message);
  }

  /**
   * Cancels the request, if it has not ended. May be called again, and also after `signal` has aborted.
   *
   * @returns `too-late` when it ended otherwise before
   * @throws {ClaudeRequestNotFound} @throws {ClaudeAccessDenied} @throws {ClaudeUnreachable} @throws {ClaudeUnexpectedAnswer}
   */
  async cancel(): Promise<ClaudeCancellation> {
    if (this.#end !== undefined || this.statusUrl === undefined)
      return { outcome: this.#end?.type === 'cancelled' ? 'cancelled' : 'too-late', message: this.#end?.message ?? '' };
    const cancellation = await cancelRequest(this.#wire, this.statusUrl);
    // Whoever waits between two looks need not wait for the next.
    if (cancellation.outcome === 'cancelled') this.#publish({ type: 'cancelled', message: cancellation.message });
    return cancellation;
  }

  #publish(event: ClaudeRequestEvent<Result>): void {
    if (this.#end !== undefined) return;
    switch (event.type) {
      case 'accepted':
        // Also said by the answer itself, by a stream from its beginning, and by every status.
        if (this.#requestId !== undefined) return;
        this.#requestId = event.requestId;
        break;
      case 'progress':
        break;
      default:
        this.#end = event;
    }
    this.#feed.publish(event);
    if (event.type === 'accepted' || event.type === 'progress') return this.#tell(event);
    this.#feed.end();
    this.#stop();
  }

  #tell(event: Parameters<NonNullable<ClaudeClientOptions['onProgress']>>[0]): void {
    try {
      this.options.onProgress?.(event);
    } catch (error) {
      // Theirs: reported as uncaught, like that of any listener, and no reason to lose the result.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #follow(): void {
    if (this.#follower === undefined || this.#feed.hasEnded) return;
    const { signal } = this.options;
    const controller = new AbortController();
    const leave = () => this.#fail(signal?.reason);
    this.#stop = () => {
      signal?.removeEventListener('abort', leave);
      controller.abort();
    };
    if (signal?.aborted === true) return leave();
    signal?.addEventListener('abort', leave);
    this.#follower.run(controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted) this.#fail(error);
    });
  }

  #fail(error: unknown): void {
    this.#feed.end({ error });
    this.#stop();
  }
}
