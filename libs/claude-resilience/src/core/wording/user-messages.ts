import type { FailureKind } from '../failure/failure.js';

/** What a person may do next; the client shows it as a button or a hint. */
export type UserAction = 'retry' | 'edit' | 'shorten' | 'contact_support' | 'continue_without';

/** What a person is told, in plain words: no status, no vendor, no blame, and what to do (R27). */
export interface UserMessage {
  readonly message: string;
  readonly actions: readonly UserAction[];
}

interface Wording extends UserMessage {
  /** Said instead of `message` when a realistic waiting time is known; `{wait}` is that time. */
  readonly withWait?: string;
}

const BUSY: Wording = {
  message: 'We are handling many requests right now. Please try again in a moment.',
  withWait: 'We are handling many requests right now. Please try again in {wait}.',
  actions: ['retry', 'continue_without'],
};
const UNAVAILABLE: Wording = {
  message: 'This feature is temporarily unavailable. Please try again shortly.',
  withWait: 'This feature is temporarily unavailable. Please try again in {wait}.',
  actions: ['retry', 'continue_without'],
};
const OUR_FAULT: Wording = {
  message: 'Something went wrong on our side. We have been told and are looking into it.',
  actions: ['contact_support'],
};

const MESSAGES: Readonly<Record<FailureKind, Wording>> = {
  invalid_request: {
    message: 'Something in this request could not be processed. Please check it and try again.',
    actions: ['edit', 'contact_support'],
  },
  content_policy: { message: 'We cannot help with this request. Please rephrase it and try again.', actions: ['edit'] },
  authentication: OUR_FAULT,
  permission: OUR_FAULT,
  not_found: OUR_FAULT,
  too_large: {
    message: 'This is too long to process at once. Please shorten it or split it into parts.',
    actions: ['shorten'],
  },
  billing: OUR_FAULT,
  rate_limited: BUSY,
  server_error: UNAVAILABLE,
  overloaded: BUSY,
  timeout: {
    message: 'This took too long. Please try again, or try a shorter request.',
    actions: ['retry', 'shorten'],
  },
  connection: UNAVAILABLE,
  cancelled: { message: 'This request was cancelled.', actions: ['retry'] },
  circuit_open: UNAVAILABLE,
  internal: OUR_FAULT,
};

/** Said beside an answer that a fallback gave (R29). */
const SIMPLIFIED = 'This is a simplified version. The full version will be available again soon.';

/** Beyond this a waiting time is no longer a promise anybody should make, in milliseconds. */
const LONGEST_PROMISE_MS = 60 * 60_000;

/** @param retryAfterMs milliseconds after which trying again makes sense, where somebody knows */
export function messageFor(kind: FailureKind, retryAfterMs?: number): UserMessage {
  const { message, withWait, actions } = MESSAGES[kind];
  if (withWait === undefined || retryAfterMs === undefined || retryAfterMs > LONGEST_PROMISE_MS)
    return { message, actions };
  return { message: withWait.replace('{wait}', inWords(retryAfterMs)), actions };
}

export function fallbackMessage(): string {
  return SIMPLIFIED;
}

/** Rounded up: who is told "about 3 seconds" and waits them must get in. */
function inWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds === 1) return 'about a second';
  if (seconds < 90) return `about ${seconds} seconds`;
  return `about ${Math.ceil(seconds / 60)} minutes`;
}
