import type { ClaudeInvalidOptionsError } from '../../core/errors.js';
import { requestErrorCode } from '../../core/deferral/request-error-code.js';
import { OperatorProblem } from '../operator-problem.js';

/** What the errors of `ClaudeAdmin` are over HTTP; those that are none of them are given back as they are. */
export function adminProblem(error: unknown): unknown {
  const code = requestErrorCode(error);
  if (code === undefined) return error;
  const { message } = error as Error;
  switch (code) {
    case 'CLAUDE_INVALID_OPTIONS': {
      const { issues } = error as ClaudeInvalidOptionsError;
      return new OperatorProblem(422, 'CLAUDE_ADMIN_INVALID', 'It cannot be done like that.', {}, issues);
    }
    case 'CLAUDE_UNKNOWN_FEATURE':
    case 'CLAUDE_ALERT_SINK_UNKNOWN':
    case 'CLAUDE_REQUEST_NOT_FOUND':
      return new OperatorProblem(404, code, message);
    case 'CLAUDE_ADMIN_REFUSED':
    case 'CLAUDE_REQUEST_NOT_DEAD':
    case 'CLAUDE_REQUEST_QUEUE_FULL':
    case 'CLAUDE_REQUEST_CORRUPT':
      return new OperatorProblem(409, code, message);
    case 'CLAUDE_REQUEST_STORE':
      return new OperatorProblem(503, code, 'The store cannot do it now.', { 'Retry-After': '5' });
    default:
      return error;
  }
}
