export type { ClaudeCancellation } from './cancel-request.js';
export {
  ClaudeAccessDenied,
  ClaudeClientError,
  ClaudeRequestCancelled,
  ClaudeRequestFailed,
  ClaudeRequestNotFound,
  ClaudeUnexpectedAnswer,
  ClaudeUnreachable,
  ClaudeUrlRefused,
} from './claude-client-errors.js';
export type { ClaudeClientHeaders, ClaudeClientOptions } from './claude-client.options.js';
export type { ClaudeClientTimer } from './client-timer.js';
export type { ClaudeProblem } from './claude-problem.js';
export type {
  ClaudeAcceptedEvent,
  ClaudeEndEvent,
  ClaudeProgressEvent,
  ClaudeRequestEvent,
  ClaudeRequestPhase,
} from './claude-request-event.js';
export type { ClaudeRequest, ClaudeRequestOutcome } from './claude-request.js';
export { followClaudeRequest } from './follow-claude-request.js';
export type { FollowedUrls as ClaudeRequestUrls } from './follower.js';
export { sendToClaude, type SendToClaudeOptions } from './send-to-claude.js';
