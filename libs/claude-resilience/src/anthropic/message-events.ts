import { APIError } from '@anthropic-ai/sdk';
import type Anthropic from '@anthropic-ai/sdk';
import { ServerSentEvents, type ServerSentEvent } from './server-sent-events.js';

/** What shows that a model is still at work. */
export interface PingEvent {
  readonly type: 'ping';
}

/** What the stream of a message consists of. */
export type MessagePart = Anthropic.RawMessageStreamEvent | PingEvent;
/** What `fetch` gives; other implementations give strings, too. */
type Chunks = AsyncIterator<Uint8Array | string>;

/**
 * The events of a streamed answer. The SDK keeps pings to itself, and they are what tells a model that thinks from a
 * connection that is dead; and it waits for each event anew, where most come many at once.
 *
 * @throws {APIError} for an `error` event, as the SDK's own stream does; a `SyntaxError` for one that is no JSON
 */
export class MessageEvents implements AsyncIterableIterator<MessagePart, undefined> {
  readonly #messages = new ServerSentEvents();
  readonly #chunks: Chunks | undefined;

  constructor(private readonly response: Pick<Response, 'body' | 'headers'>) {
    this.#chunks = (response.body as AsyncIterable<Uint8Array | string> | null)?.[Symbol.asyncIterator]();
  }

  /** The next one that is here already. */
  nextAtHand(): MessagePart | undefined {
    for (;;) {
      const message = this.#messages.take();
      if (message === undefined) return undefined;
      const event = this.#eventOf(message);
      if (event !== undefined) return event;
    }
  }

  async next(): Promise<IteratorResult<MessagePart, undefined>> {
    for (;;) {
      const value = this.nextAtHand();
      if (value !== undefined) return { done: false, value };
      const chunk = await this.#chunks?.next();
      if (chunk === undefined || chunk.done === true) return { done: true, value: undefined };
      this.#messages.push(chunk.value);
    }
  }

  /** Whoever leaves before the end wants no more of the answer. */
  async return(): Promise<IteratorResult<MessagePart, undefined>> {
    await this.#chunks?.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #eventOf({ event, data }: ServerSentEvent): MessagePart | undefined {
    if (event === 'ping') return PING;
    if (event === 'error') throw new APIError(undefined, JSON.parse(data) as object, undefined, this.response.headers);
    return event === '' || data === '' ? undefined : (JSON.parse(data) as MessagePart);
  }
}

/** Whether a 200 is a page or a message, where a stream was asked for. */
export function isNoStream({ headers }: Response): boolean {
  return /^(text\/html|application\/json)\b/i.test(headers.get('content-type') ?? '');
}

const PING: PingEvent = Object.freeze({ type: 'ping' });
