import { ClaudeResilienceError } from '../errors.js';

/** It cannot be done as things are: there is no queue, nobody looks at alerts, somebody else's word counts more. */
export class ClaudeAdminRefusedError extends ClaudeResilienceError {
  override readonly name = 'ClaudeAdminRefusedError';
  readonly code = 'CLAUDE_ADMIN_REFUSED';
}
