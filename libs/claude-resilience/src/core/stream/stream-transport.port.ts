import type { Abilities, ClaudeCall, ResponseHeaders, Sending, Target, TokenEstimate, TokenUsage } from '../call.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import type { StreamEvent } from './stream-event.js';

const NOTHING: TokenEstimate = Object.freeze({ inputTokens: 0, outputTokens: 0 });

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

/** Opens streams. What it throws, on opening or in the middle, `describe` puts into facts. */
export abstract class StreamTransport<E extends StreamEvent> {
  /** Looks at the request before anything is sent; see `Abilities`. */
  objection(_call: ClaudeCall): ReturnType<Abilities['objection']> {
    return undefined;
  }

  /** How much this target is asked for; nothing, where nobody knows. */
  estimate(_target: Target): TokenEstimate {
    return NOTHING;
  }

  /** Whether the request can be put so that this target takes it. */
  suits(_target: Target): boolean {
    return true;
  }

  /** Whether the question can be put differently after a model declined it. */
  get canReformulate(): boolean {
    return false;
  }

  abstract open(call: ClaudeCall, request: StreamRequest): Promise<AsyncIterator<E>>;

  /** Tokens of the request so far, as an event tells them; `known` where it tells nothing. */
  usageAfter(_event: E, known: TokenUsage | undefined): TokenUsage | undefined {
    return known;
  }

  abstract describe(error: unknown): FailureFacts;
}
