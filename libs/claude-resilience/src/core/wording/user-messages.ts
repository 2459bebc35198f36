import type { FailureKind } from '../failure/failure.js';
import type { ClaudeWording, FailureTimes } from './claude-wording.port.js';

/** What a person may do next; the client shows it as a button or a hint. */
export type UserAction = 'retry' | 'edit' | 'shorten' | 'contact_support' | 'continue_without';

/** What a person is told, in plain words: no status, no vendor, no blame, and what to do (R27). */
export interface UserMessage {
  readonly message: string;
  readonly actions: readonly UserAction[];
}

const COME_BACK: readonly UserAction[] = ['retry', 'continue_without'];
const ASK_US: readonly UserAction[] = ['contact_support'];

const ACTIONS: Readonly<Record<FailureKind, readonly UserAction[]>> = {
  invalid_request: ['edit', 'contact_support'],
  content_policy: ['edit'],
  authentication: ASK_US,
  permission: ASK_US,
  not_found: ASK_US,
  too_large: ['shorten'],
  billing: ASK_US,
  rate_limited: COME_BACK,
  server_error: COME_BACK,
  overloaded: COME_BACK,
  timeout: ['retry', 'shorten'],
  connection: COME_BACK,
  cancelled: ['retry'],
  circuit_open: COME_BACK,
  internal: ASK_US,
};

export function messageFor(
  kind: FailureKind,
  wording: ClaudeWording,
  locale: string,
  times: FailureTimes = {},
): UserMessage {
  return { message: wording.failureMessage(kind, locale, times), actions: ACTIONS[kind] };
}
