import { ClaudeResilienceError } from '../errors.js';

/** The meeting place of replicas cannot be reached, or answers what makes no sense. Nothing on the way of a call waits for it. */
export class ClaudeFleetError extends ClaudeResilienceError {
  override readonly name = 'ClaudeFleetError';
  readonly code = 'CLAUDE_FLEET';
  /** @param problem in our words: what could not be done */
  constructor(problem: string) {
    super(`The meeting place of replicas ${problem}`);
  }
}
