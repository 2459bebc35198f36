import { AS_IT_IS } from '../as-it-is.js';
import type { Abilities, ClaudeCall, MeteredReply, ResponseHeaders, Sending, Target, TokenUsage } from '../call.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import type { StreamEvent } from './stream-event.js';

/** One request of a stream. */
export interface StreamRequest extends Sending {
  /** Aborts when nobody wants more of it. */
  readonly signal: AbortSignal;
  /** Milliseconds it may take to its first event. */
  readonly timeoutMs: number;
  /** To be told the headers of the answer as soon as they are here. */
  onHeaders(headers: ResponseHeaders): void;
  /** Text that the reader has, when this request is to go on from there; else absent. */
  readonly textSoFar?: string;
}

/** Adds up what one request takes, from its events. */
export interface EventMeter<E extends StreamEvent> {
  observe(event: E): void;
  /** The same for a `content_block_delta`: most of all events are. */
  piece(event: E): void;
  /** So far; `undefined` as long as nothing came. */
  read(): MeteredReply | undefined;
}

/** The events of one request, in their order. */
export interface EventIterator<E extends StreamEvent> extends AsyncIterator<E> {
  /**
   * The next one, if it is here already: what came in one burst need not be waited for. No name that iterators of
   * JavaScript have or may get. @throws as `next`
   */
  nextAtHand?(): E | undefined;
}

/** Opens streams. What it throws, on opening or in the middle, `describe` puts into facts. */
export abstract class StreamTransport<E extends StreamEvent> {
  /** @param abilities what else can be done with the request */
  constructor(readonly abilities: Abilities = AS_IT_IS) {}

  abstract open(call: ClaudeCall, request: StreamRequest): Promise<EventIterator<E>>;

  /** Tokens of the request so far, as an event tells them, but for pieces of content; `known` where it tells nothing. */
  usageAfter(_event: E, known: TokenUsage | undefined): TokenUsage | undefined {
    return known;
  }

  /** For one request to `target`; `undefined` where nobody can tell. */
  meter(_target: Target): EventMeter<E> | undefined {
    return undefined;
  }

  abstract describe(error: unknown): FailureFacts;
}
