import type {
  ClaudeCorruptRequestError,
  ClaudeRequestClosedError,
  ClaudeRequestNotFoundError,
  ClaudeStaleLeaseError,
} from './request-store-errors.js';
import { requestErrorCode } from './request-error-code.js';

type Loss = ClaudeStaleLeaseError | ClaudeRequestClosedError | ClaudeRequestNotFoundError | ClaudeCorruptRequestError;

const LOSSES: ReadonlySet<string | undefined> = new Set<Loss['code']>([
  'CLAUDE_REQUEST_LEASE_STALE',
  'CLAUDE_REQUEST_CLOSED',
  'CLAUDE_REQUEST_NOT_FOUND',
  'CLAUDE_REQUEST_CORRUPT',
]);

/** Whether an error of the store says that a request is not ours any more: cancelled, taken up by another, or gone. */
export function isLoss(error: unknown): boolean {
  return LOSSES.has(requestErrorCode(error));
}
