import type { Clock } from '../clock.port.js';
import type { FeedEvent, LookAtRequest } from './feed-event.js';
import { RequestChannel } from './request-channel.js';

/** Clocks of processes differ by less, in milliseconds: what is numbered later than that was never told. */
const LARGEST_SKEW_MS = 86_400_000;

/**
 * Tells whoever watches a request how it is getting on (R28), by looking at the store: so it does not matter which process
 * works on it. Costs nothing while nobody watches.
 */
export class RequestFeed {
  readonly #channels = new Map<string, RequestChannel>();
  #isClosed = false;

  /** @param pollMs between two looks at a request that is watched, in milliseconds */
  constructor(
    private readonly look: LookAtRequest,
    private readonly clock: Clock,
    private readonly pollMs = 1_000,
  ) {}

  /** Something may have become of it: whoever watches hears of it at once. */
  changed(id: string): void {
    this.#channels.get(id)?.refresh();
  }

  /**
   * What is newer than `afterSeq`; ends after the last event, when `signal` aborts, and when the feed is closed. The caller
   * has made sure that there is such a request.
   *
   * @param afterSeq of the last event that was seen, 0 for none; what no feed can have told counts as none
   */
  async *watch(id: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<FeedEvent, void, undefined> {
    if (this.#isClosed || signal.aborted) return;
    const known = this.#channels.get(id);
    const channel = known?.isOver === false ? known : new RequestChannel(id, this.look, this.clock, this.pollMs);
    this.#channels.set(id, channel);
    try {
      yield* channel.watch(this.#known(afterSeq), signal);
    } finally {
      if (!channel.isWatched && this.#channels.get(id) === channel) this.#channels.delete(id);
    }
  }

  /** Ends all watching, for good: whoever comes back while the application goes down must not hold it up. */
  close(): void {
    this.#isClosed = true;
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
  }

  /** A client may say what it likes: those who watch with it must not go by that. */
  #known(afterSeq: number): number {
    const isOurs = Number.isInteger(afterSeq) && afterSeq <= (this.clock.wallMs() + LARGEST_SKEW_MS) * 2;
    return isOurs ? Math.max(0, afterSeq) : 0;
  }
}
