import { ClaudeResilienceError } from './errors.js';
import type { Failure, FailureCode, FailureKind } from './failure/failure.js';
import { ClaudeUpstreamError, isErrorLike, isOwnToPrint } from './upstream-error.js';

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
    const message = `Claude call of "${feature}" failed: ${failure.kind} (${failure.rule}) after ${sent}`;
    const isOwn = isOwnToPrint(failure.kind);
    super(message, isOwn && cause !== undefined ? { cause } : undefined);
    this.feature = feature;
    this.correlationId = correlationId;
    this.attempts = attempts;
    this.retryable = failure.retryable || failure.kind === 'circuit_open' || failure.kind === 'timeout';
    this.retryAfterMs = failure.retryAfterMs;
    this.failure = failure;
    this.#original = cause;
    this.#textSoFar = textSoFar;
    if (!isOwn && isErrorLike(cause)) Object.defineProperty(this, 'cause', STAND_IN);
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

/** A `cause` that is made when it is first read: the frames of another error are slow to read, and few look at them. */
const STAND_IN: PropertyDescriptor & ThisType<ClaudeCallError> = {
  configurable: true,
  get() {
    return kept(this, new ClaudeUpstreamError(this.revealCause() as Error));
  },
  set(cause: unknown) {
    kept(this, cause);
  },
};

/** As `Error` itself has it. */
function kept(error: ClaudeCallError, cause: unknown): unknown {
  Object.defineProperty(error, 'cause', { value: cause, writable: true, configurable: true, enumerable: false });
  return cause;
}
