import type { Abilities, ClaudeCall, Sending, Target } from '../call.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import type { StreamEvent } from './stream-event.js';

/** One request of a stream. */
export interface StreamRequest extends Sending {
  /** Aborts when nobody wants more of it. */
  readonly signal: AbortSignal;
  /** Milliseconds it may take to its first event. */
  readonly timeoutMs: number;
  /** Text that the reader has, when this request is to go on from there; else absent. */
  readonly textSoFar?: string;
}

/** Opens streams. What it throws, on opening or in the middle, `describe` puts into facts. */
export abstract class StreamTransport<E extends StreamEvent> {
  /** Looks at the request before anything is sent; see `Abilities`. */
  objection(_call: ClaudeCall): ReturnType<Abilities['objection']> {
    return undefined;
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

  abstract describe(error: unknown): FailureFacts;
}
