import type { ClaudeProblem } from './claude-problem.js';

/** The root of everything the client throws, except the reason of a `signal` that aborted. Branch on `code`. */
export abstract class ClaudeClientError extends Error {
  abstract readonly code: string;
}

/** The request failed or expired. `message` is for the end user. */
export class ClaudeRequestFailed extends ClaudeClientError {
  override readonly name = 'ClaudeRequestFailed';
  readonly code: string;
  readonly retryable: boolean;
  /** What the user can do now. */
  readonly actions: readonly string[];

  constructor(readonly problem: ClaudeProblem) {
    super(problem.message);
    this.code = problem.code;
    this.retryable = problem.retryable;
    this.actions = problem.actions;
  }
}

/** Somebody cancelled the request. `message` is for the end user. */
export class ClaudeRequestCancelled extends ClaudeClientError {
  override readonly name = 'ClaudeRequestCancelled';
  readonly code = 'CLAUDE_REQUEST_CANCELLED';
}

/** There is no such request, or it belongs to somebody else; the server does not say which. */
export class ClaudeRequestNotFound extends ClaudeClientError {
  override readonly name = 'ClaudeRequestNotFound';
  readonly code = 'CLAUDE_REQUEST_NOT_FOUND';
  constructor() {
    super('The server knows no such request for this caller');
  }
}

/** The application asked for (other) credentials. Never tried again with the same ones. */
export class ClaudeAccessDenied extends ClaudeClientError {
  override readonly name = 'ClaudeAccessDenied';
  readonly code = 'CLAUDE_ACCESS_DENIED';
  constructor(readonly status: number) {
    super(`The server refused the credentials (${status})`);
  }
}

/** No connection, or one that broke. Whether the server had begun to work is unknown. */
export class ClaudeUnreachable extends ClaudeClientError {
  override readonly name = 'ClaudeUnreachable';
  readonly code = 'CLAUDE_UNREACHABLE';
  constructor(options?: ErrorOptions) {
    super('The server could not be reached', options);
  }
}

/** A URL that is none, or of another origin than the answer it came with: headers must not travel there. */
export class ClaudeUrlRefused extends ClaudeClientError {
  override readonly name = 'ClaudeUrlRefused';
  readonly code = 'CLAUDE_URL_REFUSED';
}

/** An answer outside the contract: a redirect, a page instead of JSON, a stream from a route that should not stream. */
export class ClaudeUnexpectedAnswer extends ClaudeClientError {
  override readonly name = 'ClaudeUnexpectedAnswer';
  readonly code = 'CLAUDE_UNEXPECTED_ANSWER';
  constructor(
    /** HTTP status; 0 for a redirect in a browser. */
    readonly status: number,
  ) {
    super(`The server gave an answer that this client does not understand (${status})`);
  }
}
