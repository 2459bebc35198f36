import { AS_IT_IS } from './as-it-is.js';
import type { Abilities, Attempt, ClaudeCall, WireResult } from './call.js';

/**
 * Sends one attempt and says what came back. It never rejects: whatever goes wrong is described as facts.
 * It ends soon after `attempt.signal` aborts, but nobody relies on that: a transport that hangs is left behind.
 */
export abstract class Transport<T> {
  /** @param abilities what else can be done with the request */
  constructor(readonly abilities: Abilities = AS_IT_IS) {}

  abstract send(call: ClaudeCall, attempt: Attempt): Promise<WireResult<T>>;
}
