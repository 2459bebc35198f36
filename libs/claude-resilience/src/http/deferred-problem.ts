import { errorOf } from '../core/call-errors.js';
import { requestErrorCode } from '../core/deferral/request-error-code.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import type { Failure } from '../core/failure/failure.js';
import type { ClaudeWording } from '../core/wording/claude-wording.port.js';
import { problemOf, type ProblemDetails } from './problem-details.js';

/** Why a deferred request cannot be shown or cancelled, in words for people; `undefined` for what is none of ours. */
export function deferredProblemOf(
  error: unknown,
  wording: ClaudeWording,
  locale: string,
  correlationId: string,
): ProblemDetails | undefined {
  const code = requestErrorCode(error);
  const refused = (status: number, title: string, of: string, message: string): ProblemDetails => {
    const fixed = { type: 'about:blank', retryable: false, actions: [] } as const;
    return { ...fixed, title, status, detail: message, code: of, message, correlationId };
  };
  const failed = (failure: Failure, of: string): ProblemDetails => {
    const said = problemOf(errorOf({ failure, feature: '', correlationId, attempts: 0 }), wording, locale);
    return { ...said, code: of };
  };
  switch (code) {
    case 'CLAUDE_REQUEST_NOT_FOUND':
      return refused(404, 'Not Found', code, wording.requestMessage('notFound', locale));
    case 'CLAUDE_REQUEST_CLOSED':
      return refused(409, 'Conflict', code, wording.requestMessage('ended', locale));
    case 'CLAUDE_REQUEST_STORE':
      return failed(diagnoseFailure({ from: 'connection' }, 0), code);
    case 'CLAUDE_REQUEST_CORRUPT':
      return failed(diagnoseFailure({ from: 'code' }, 0), code);
    default:
      return undefined;
  }
}
