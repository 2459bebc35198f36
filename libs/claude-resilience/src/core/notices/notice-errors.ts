import { ClaudeResilienceError } from '../errors.js';

/** It was not sent this time. The explanation is ours: neither an address nor text of the receiver. */
export class ClaudeNoticeNotSentError extends ClaudeResilienceError {
  override readonly name = 'ClaudeNoticeNotSentError';
  readonly code = 'CLAUDE_NOTICE_NOT_SENT';
  constructor(explanation: string, options?: ErrorOptions) {
    super(`The notice was not sent: ${explanation}`, options);
  }
}

/** It can never be sent there: trying again is of no use. */
export class ClaudeNoticeRefusedError extends ClaudeResilienceError {
  override readonly name = 'ClaudeNoticeRefusedError';
  readonly code = 'CLAUDE_NOTICE_REFUSED';
  constructor(explanation: string, options?: ErrorOptions) {
    super(`The notice cannot be sent: ${explanation}`, options);
  }
}
