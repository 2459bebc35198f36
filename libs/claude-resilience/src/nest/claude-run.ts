import { FunctionTransport } from '../anthropic/function-transport.js';
import type { Attempt, ClaudeCall, Outcome } from '../core/call.js';
import { ClaudeDeferredError } from '../core/deferral/deferred-error.js';
import type { FailureKind } from '../core/failure/failure.js';
import { promiseOfTold, rejectedWith } from '../core/rejected-with.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { RequestNotes, ScopeLife } from '../runtime/claude-scope.js';
import { AttemptScope } from './attempt-scope.js';
import type { ClaudeCallOptions } from './claude-call.options.js';
import { isNestException } from './nest-exception.js';
import { openRun } from './open-call.js';
import { errorOfOutcome, isAnswered } from './outcome-value.js';

/** How a `run` ended. A failure that nothing could answer is thrown, typed. */
export type ClaudeOutcome<T, F = unknown> =
  | { readonly status: 'served'; readonly value: T; readonly correlationId: string; readonly attempts: number }
  | {
      /** A call inside waits in the queue; it is answered later, by itself (R10). */
      readonly status: 'deferred';
      readonly requestId: string;
      readonly correlationId: string;
    }
  | {
      readonly status: 'fallback';
      /** The fallback's answer. */
      readonly value: F;
      /** Plain sentence for the end user (R29). */
      readonly message: string;
      /** Why it was not served. */
      readonly reason: FailureKind;
      /** Milliseconds after which the full answer may be had again, where somebody knows. */
      readonly retryAfterMs: number | undefined;
      readonly correlationId: string;
      readonly attempts: number;
    };

/** What a function under `run` is given. */
export interface ClaudeRunContext {
  /** Aborts when the attempt's time is over or the caller gives up: pass it on. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
  /** Milliseconds left for this attempt: pass it on to clients that want one. */
  readonly timeoutMs: number;
  readonly correlationId: string;
}

export interface ClaudeRunOptions extends Omit<ClaudeCallOptions, 'feature' | 'defer'> {
  /** What the feature's fallback makes its answer from. */
  readonly input?: unknown;
}

type Ended<T> = Outcome<T | ClaudeDeferredError, unknown>;
type Told<T, F> = ClaudeOutcome<T, F> | PromiseLike<never>;
type RunFunction<T> = (context: ClaudeRunContext) => T | Promise<T>;

/** One `run`: a function of the application's, each of its attempts in the scope of its call, and what came of it. */
export class ClaudeRun<T, F> extends FunctionTransport<T> implements ScopeLife {
  /** Set once the caller has its answer. */
  isOver = false;
  readonly #call: ClaudeCall;
  #notes: RequestNotes | undefined;

  /** @throws {ClaudeUnknownFeatureError | ClaudeInvalidOptionsError} */
  constructor(
    private readonly runtime: ClaudeRuntime,
    private readonly fn: RunFunction<T>,
    feature: string,
    private readonly options: ClaudeRunOptions | undefined,
  ) {
    super();
    const outer = runtime.scope.current();
    this.#call = openRun(runtime, feature, options, outer);
    this.#notes = outer?.request;
    outer?.handOver?.();
  }

  /** Once. */
  outcome(): Promise<ClaudeOutcome<T, F>> {
    const { pipeline } = this.runtime;
    const ended = pipeline.executeWithFallback(this.#call, this, this.options?.input, this.#call.startedAtMs);
    // Not told inside the pipeline: its frames would fill the stack of an error, and hide who asked.
    return ended instanceof Promise ? ended.then((outcome) => this.told(outcome)) : promiseOfTold(this.told(ended));
  }

  protected override run(attempt: Attempt): T | Promise<T> {
    const { id: correlationId } = this.#call;
    const { signal, timeoutMs, number } = attempt;
    const scope = new AttemptScope(this.#call, attempt, this, (this.#notes ??= {}));
    return this.runtime.scope.run(scope, this.fn, { signal, timeoutMs, attempt: number, correlationId });
  }

  private told(outcome: Ended<T>): Told<T, F> {
    this.isOver = true;
    if (!isAnswered(outcome)) {
      const isForNest = outcome.status === 'failed' && isNestException(outcome.cause);
      return rejectedWith(isForNest ? outcome.cause : errorOfOutcome(outcome, this.#call));
    }
    const { id: correlationId } = this.#call;
    const { attempts } = outcome;
    if (outcome.status === 'served') {
      const { value } = outcome;
      return value instanceof ClaudeDeferredError
        ? { status: 'deferred', requestId: value.requestId, correlationId }
        : { status: 'served', value, correlationId, attempts };
    }
    if (this.#notes !== undefined) this.#notes.outcome = 'fallback';
    const { value, message, failure } = outcome;
    const { kind: reason, retryAfterMs } = failure;
    return { status: 'fallback', value: value as F, message, reason, retryAfterMs, correlationId, attempts };
  }
}
