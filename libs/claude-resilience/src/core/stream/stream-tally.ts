import type { ReplyNotes, Target, TokenUsage } from '../call.js';
import type { Clock } from '../clock.port.js';
import { isContent } from './is-content.js';
import type { StreamEvent } from './stream-event.js';
import type { EventMeter, StreamTransport } from './stream-transport.port.js';

/** What the API has told of one request so far, whatever comes of the rest. */
export class StreamTally<E extends StreamEvent> {
  readonly #meter: EventMeter<E> | undefined;
  #usage: TokenUsage | undefined;
  #firstTokenAtMs: number | undefined;

  constructor(
    private readonly transport: StreamTransport<E>,
    target: Target,
    private readonly clock: Clock,
  ) {
    this.#meter = transport.meter(target);
  }

  observe(event: E): void {
    this.#meter?.observe(event);
    if (this.#firstTokenAtMs === undefined && isContent(event)) this.#firstTokenAtMs = this.clock.nowMs();
    this.#usage = this.transport.usageAfter(event, this.#usage);
  }

  /** A `content_block_delta` after the first content: it tells of no tokens. */
  piece(event: E): void {
    this.#meter?.piece(event);
  }

  notes(): Pick<ReplyNotes, 'usage' | 'metered' | 'firstTokenAtMs'> {
    const metered = this.#meter?.read();
    return {
      ...(this.#usage !== undefined && { usage: this.#usage }),
      ...(metered !== undefined && { metered: [metered] }),
      ...(this.#firstTokenAtMs !== undefined && { firstTokenAtMs: this.#firstTokenAtMs }),
    };
  }
}
