import type { ClaudeCall } from '../call.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import type { StreamEvent } from './stream-event.js';

/** One request of a stream. */
export interface StreamRequest {
  /** Aborts when nobody wants more of it. */
  readonly signal: AbortSignal;
  /** Milliseconds it may take to its first event. */
  readonly timeoutMs: number;
  /** Text that the reader has, when this request is to go on from there; else absent. */
  readonly textSoFar?: string;
}

/** Opens streams. What it throws, on opening or in the middle, `describe` puts into facts. */
export abstract class StreamTransport<E extends StreamEvent> {
  abstract open(call: ClaudeCall, request: StreamRequest): Promise<AsyncIterator<E>>;

  abstract describe(error: unknown): FailureFacts;
}
