import { ClaudeResilienceError } from '../errors.js';

/** As many items are open as the list takes. Nothing was dropped to make room: somebody must work through it. */
export class ClaudeReviewListFullError extends ClaudeResilienceError {
  override readonly name = 'ClaudeReviewListFullError';
  readonly code = 'CLAUDE_REVIEW_LIST_FULL';
  constructor(readonly maxOpen: number) {
    super(`The review list is full (${maxOpen} items are open)`);
  }
}

/** What should be looked at cannot be kept: it is no JSON, or over the limit of the list. */
export class ClaudeReviewInputError extends ClaudeResilienceError {
  override readonly name = 'ClaudeReviewInputError';
  readonly code = 'CLAUDE_REVIEW_INPUT';
  constructor(
    readonly trouble: 'no_json' | 'too_large',
    explanation: string,
    options?: ErrorOptions,
  ) {
    super(`This cannot be put onto the review list: ${explanation}`, options);
  }
}
