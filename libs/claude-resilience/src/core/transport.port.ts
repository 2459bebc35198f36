import type { Abilities, Attempt, ClaudeCall, Target, TokenEstimate, WireResult } from './call.js';

const NOTHING: TokenEstimate = Object.freeze({ inputTokens: 0, outputTokens: 0 });

/**
 * Sends one attempt and says what came back. It never rejects: whatever goes wrong is described as facts.
 * It ends soon after `attempt.signal` aborts, but nobody relies on that: a transport that hangs is left behind.
 */
export abstract class Transport<T> {
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

  abstract send(call: ClaudeCall, attempt: Attempt): Promise<WireResult<T>>;
}
