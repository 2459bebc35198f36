import { ClaudeResilienceError } from './errors.js';
import { codeOf, type Failure, type FailureCode, type FailureKind } from './failure/failure.js';

/** What an error of a failed call is made from; `cause` is the error it was diagnosed from. */
export interface CallErrorDetails {
  readonly failure: Failure;
  readonly feature: string;
  readonly correlationId: string;
  /** Requests sent to the API; 0 when the circuit refused. */
  readonly attempts: number;
  readonly cause?: unknown;
  /** What a stream had delivered when it failed. */
  readonly textSoFar?: string;
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A call that failed, after every rule was applied. One class per kind, so that `catch` can be as narrow as it likes. */
export abstract class ClaudeCallError extends ClaudeResilienceError {
  abstract readonly kind: FailureKind;
  abstract override readonly code: FailureCode;
  readonly feature: string;
  readonly correlationId: string;
  readonly attempts: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Milliseconds after which trying again makes sense, where somebody knows. */
  readonly retryAfterMs: number | undefined;
  readonly failure: Failure;
  readonly #original: unknown;
  readonly #textSoFar: string | undefined;

  constructor({ failure, feature, correlationId, attempts, cause, textSoFar }: CallErrorDetails) {
    const sent = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
    const loggable = loggableCause(failure.kind, cause);
    super(
      `Claude call of "${feature}" failed: ${failure.kind} (${failure.rule}) after ${sent}`,
      loggable === undefined ? {} : { cause: loggable },
    );
    this.feature = feature;
    this.correlationId = correlationId;
    this.attempts = attempts;
    this.retryable = failure.retryable || failure.kind === 'circuit_open' || failure.kind === 'timeout';
    this.retryAfterMs = failure.retryAfterMs;
    this.failure = failure;
    this.#original = cause;
    this.#textSoFar = textSoFar;
  }

  /**
   * The very error this one was diagnosed from. That of the SDK quotes the API, and with it perhaps the prompt: look at
   * it, but do not log it. `cause` stands in for it wherever errors are printed.
   */
  revealCause(): unknown {
    return this.#original;
  }

  /** The part of the answer that a broken stream had delivered; not printed with the error. */
  get textSoFar(): string | undefined {
    return this.#textSoFar;
  }

  toJSON(): Record<string, unknown> {
    const { name, code, kind, message, feature, correlationId, attempts, retryable, retryAfterMs } = this;
    return { name, code, kind, message, feature, correlationId, attempts, retryable, retryAfterMs };
  }

  /** Short, for `console` and Nest's own logger. */
  [INSPECT](): string {
    return `${this.stack ?? this.message}\n  [code: ${this.code}, correlationId: ${this.correlationId}]`;
  }
}

/** Stands in for an error of the SDK or the network: its name, codes and frames, and no word of its text. */
export class ClaudeUpstreamError extends Error {
  override readonly name: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;

  constructor(original: Error) {
    const { status, type, errorCode, code, requestID } = original as Error & Readonly<Record<string, unknown>>;
    const said = [status, type, errorCode, code].filter((part) => typeof part === 'number' || typeof part === 'string');
    super(said.join(' ') || 'no answer');
    this.name = original.name;
    this.status = typeof status === 'number' ? status : undefined;
    this.requestId = typeof requestID === 'string' ? requestID : undefined;
    const frames = (original.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    this.stack = [`${this.name}: ${this.message}`, ...frames].join('\n');
  }
}

/** The application's own errors and abort reasons are its own to print; what comes from the wire is not. */
function loggableCause(kind: FailureKind, cause: unknown): unknown {
  if (kind === 'internal' || kind === 'cancelled') return cause;
  // By shape: an error that Node itself makes may be of another realm.
  const isError = typeof cause === 'object' && cause !== null && 'message' in cause && 'name' in cause;
  return isError ? new ClaudeUpstreamError(cause as Error) : undefined;
}

/** 400: the request is wrong; mend it. Never retried. */
export class ClaudeInvalidRequestError extends ClaudeCallError {
  override readonly name = 'ClaudeInvalidRequestError';
  readonly kind = 'invalid_request';
  readonly code = codeOf('invalid_request');
}

/** Refused for its content, by a 400 or by `stop_reason: refusal`. Never sent again unchanged. */
export class ClaudeContentPolicyError extends ClaudeCallError {
  override readonly name = 'ClaudeContentPolicyError';
  readonly kind = 'content_policy';
  readonly code = codeOf('content_policy');
}

/** 401: the key is missing, wrong or revoked. An operator must act. */
export class ClaudeAuthenticationError extends ClaudeCallError {
  override readonly name = 'ClaudeAuthenticationError';
  readonly kind = 'authentication';
  readonly code = codeOf('authentication');
}

/** 403: the account may not do this. An operator must check its permissions. */
export class ClaudePermissionError extends ClaudeCallError {
  override readonly name = 'ClaudePermissionError';
  readonly kind = 'permission';
  readonly code = codeOf('permission');
}

/** 404: the model id is wrong or retired. */
export class ClaudeNotFoundError extends ClaudeCallError {
  override readonly name = 'ClaudeNotFoundError';
  readonly kind = 'not_found';
  readonly code = codeOf('not_found');
}

/** 413, or a prompt over the context window: shorten or split. */
export class ClaudeTooLargeError extends ClaudeCallError {
  override readonly name = 'ClaudeTooLargeError';
  readonly kind = 'too_large';
  readonly code = codeOf('too_large');
}

/** No money: a spend limit, or a credit balance. Waiting does not help, an operator must act. */
export class ClaudeBillingError extends ClaudeCallError {
  override readonly name = 'ClaudeBillingError';
  readonly kind = 'billing';
  readonly code = codeOf('billing');
}

/** 429, after the retries that its rule allows. */
export class ClaudeRateLimitedError extends ClaudeCallError {
  override readonly name = 'ClaudeRateLimitedError';
  readonly kind = 'rate_limited';
  readonly code = codeOf('rate_limited');
}

/** 5xx, or an answer nobody can read, after the retries that its rule allows. */
export class ClaudeServerError extends ClaudeCallError {
  override readonly name = 'ClaudeServerError';
  readonly kind = 'server_error';
  readonly code = codeOf('server_error');
}

/** 529, after the retries that its rule allows. */
export class ClaudeOverloadedError extends ClaudeCallError {
  override readonly name = 'ClaudeOverloadedError';
  readonly kind = 'overloaded';
  readonly code = codeOf('overloaded');
}

/** No whole answer in time. */
export class ClaudeTimeoutError extends ClaudeCallError {
  override readonly name = 'ClaudeTimeoutError';
  readonly kind = 'timeout';
  readonly code = codeOf('timeout');
}

/** No connection, or one that broke, after the retries that its rule allows. */
export class ClaudeConnectionError extends ClaudeCallError {
  override readonly name = 'ClaudeConnectionError';
  readonly kind = 'connection';
  readonly code = codeOf('connection');
}

/** The caller's signal aborted; its reason is the `cause`. */
export class ClaudeCancelledError extends ClaudeCallError {
  override readonly name = 'ClaudeCancelledError';
  readonly kind = 'cancelled';
  readonly code = codeOf('cancelled');
}

/** The feature's circuit is open: nothing was sent. `retryAfterMs` counts to the next probe. */
export class ClaudeCircuitOpenError extends ClaudeCallError {
  override readonly name = 'ClaudeCircuitOpenError';
  readonly kind = 'circuit_open';
  readonly code = codeOf('circuit_open');
}

/** An error of the application's own, inside a function given to this module; it is the `cause`. */
export class ClaudeInternalError extends ClaudeCallError {
  override readonly name = 'ClaudeInternalError';
  readonly kind = 'internal';
  readonly code = codeOf('internal');
}

const ERROR_OF: Readonly<Record<FailureKind, new (details: CallErrorDetails) => ClaudeCallError>> = Object.freeze({
  invalid_request: ClaudeInvalidRequestError,
  content_policy: ClaudeContentPolicyError,
  authentication: ClaudeAuthenticationError,
  permission: ClaudePermissionError,
  not_found: ClaudeNotFoundError,
  too_large: ClaudeTooLargeError,
  billing: ClaudeBillingError,
  rate_limited: ClaudeRateLimitedError,
  server_error: ClaudeServerError,
  overloaded: ClaudeOverloadedError,
  timeout: ClaudeTimeoutError,
  connection: ClaudeConnectionError,
  cancelled: ClaudeCancelledError,
  circuit_open: ClaudeCircuitOpenError,
  internal: ClaudeInternalError,
});

/** The typed error of a failure. */
export function errorOf(details: CallErrorDetails): ClaudeCallError {
  return new ERROR_OF[details.failure.kind](details);
}
