import { ClaudeResilienceError } from '../errors.js';

/**
 * Not a failure: the call is in the queue and will be answered later (R10). In a decorated handler let it pass: it becomes
 * `202 Accepted`. Elsewhere follow it by `claude.requests`.
 */
export class ClaudeDeferredError extends ClaudeResilienceError {
  override readonly name = 'ClaudeDeferredError';
  readonly code = 'CLAUDE_DEFERRED';
  readonly #requestId: string;

  constructor(
    requestId: string,
    readonly feature: string,
    readonly correlationId: string,
    /** `waiting`, unless it was there already, by its idempotency key. */
    readonly state: string,
    /** Milliseconds until it is worth looking; absent when nobody knows. */
    readonly retryAfterMs?: number,
  ) {
    super(`The call of "${feature}" waits in the queue and is answered later`);
    this.#requestId = requestId;
  }

  /** Who knows it may read and cancel the request; so no logger finds it here by itself. */
  get requestId(): string {
    return this.#requestId;
  }
}
