import { AsyncResource } from 'node:async_hooks';
import { from, isObservable, lastValueFrom, Observable } from 'rxjs';
import { describeThrown } from '../anthropic/function-transport.js';
import type { AttemptResult, ClaudeCall } from '../core/call.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import { runWithRetry, type RetriedResult } from '../core/retry/run-with-retry.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ClaudeScopeValues } from '../runtime/claude-scope.js';
import { openCall } from './open-call.js';
import type { MethodMarker } from './claude-fallback.metadata.js';
import { MethodCircuit } from './method-circuit.js';
import { methodHooks } from './method-hooks.js';
import { succeeded } from './outcome-value.js';

/** One time that a decorated method is called. */
interface Invocation {
  readonly marker: MethodMarker;
  readonly args: readonly unknown[];
  readonly call: ClaudeCall;
  readonly scope: ClaudeScopeValues;
  readonly circuit: MethodCircuit;
}

type FailedAttempt = Extract<AttemptResult<unknown>, { ok: false }>;

/** What stands around a method with `@ClaudeFallback`: the scope of its feature, classification, and the fallback. */
export class ClaudeMethodRunner {
  constructor(private readonly runtime: ClaudeRuntime) {}

  invoke(marker: MethodMarker, args: readonly unknown[], proceed: () => unknown): unknown {
    if (this.runtime.direct.get(marker)?.isObservable === true && !marker.retry) {
      return this.#observed(marker, args, () => proceed() as Observable<unknown>);
    }
    const invocation = this.#open(marker, args);
    return this.runtime.scope.run(invocation.scope, () =>
      marker.retry ? this.#repeated(invocation, proceed) : this.#once(invocation, proceed),
    );
  }

  #open(marker: MethodMarker, args: readonly unknown[]): Invocation {
    const { scope: scopes, circuits, direct } = this.runtime;
    const outer = scopes.current();
    outer?.handOver?.();
    const call = openCall(this.runtime, { feature: marker.feature });
    if (direct.has(marker)) circuits.of(marker.feature).arrived();
    const circuit = new MethodCircuit(circuits.of(marker.feature), marker, direct);
    const scope: ClaudeScopeValues = {
      ...outer,
      correlationId: call.id,
      feature: marker.feature,
      handlerDeadlineAtMs: call.deadlineAtMs,
      handOver: () => circuit.leave(),
      request: outer?.request ?? {},
    };
    return { marker, args, call, scope, circuit };
  }

  #once(invocation: Invocation, proceed: () => unknown): unknown {
    const refused = this.#enter(invocation);
    if (refused !== undefined) return this.#recover(invocation, refused, 0);
    const result = begin(proceed);
    if (isObservable(result)) return this.#observed(invocation.marker, invocation.args, () => result);
    return isPromise(result) ? this.#ended(invocation, result) : invocation.circuit.succeeded(result);
  }

  async #ended(invocation: Invocation, result: Promise<unknown>): Promise<unknown> {
    const judged = await this.#judge(invocation, result);
    return judged.ok ? judged.value : this.#recover(invocation, judged, 1);
  }

  /** An observable is awaited here: its last value is the answer. */
  async #repeated(invocation: Invocation, proceed: () => unknown): Promise<unknown> {
    const { call } = invocation;
    const { features, clock, random } = this.runtime;
    const attempt = async () => {
      const refused = this.#enter(invocation);
      if (refused !== undefined) return refused;
      const result = begin(proceed);
      return this.#judge(
        invocation,
        isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result,
      );
    };
    const hooks = methodHooks(this.runtime, call);
    const { retry } = features.get(call.feature);
    const ended = (result: RetriedResult<unknown>) =>
      result.ok ? result.value : this.#recover(invocation, result, result.attempts);
    return runWithRetry(call, { attempt, ended }, hooks, retry, clock, random);
  }

  /** Each subscription is one call. An answer that has begun cannot be taken back: then there is no fallback. */
  #observed(marker: MethodMarker, args: readonly unknown[], source: () => Observable<unknown>): Observable<unknown> {
    return new Observable((subscriber) => {
      const invocation = this.#open(marker, args);
      const { circuit } = invocation;
      // Bound to where they are made: what the subscriber does with a value is not part of the call.
      const next = AsyncResource.bind((value: unknown) => subscriber.next(value));
      const complete = AsyncResource.bind(() => subscriber.complete());
      const fail = AsyncResource.bind((error: unknown) => subscriber.error(error));
      const answerInstead = (failed: FailedAttempt, attempts: number) =>
        from(this.#recover(invocation, failed, attempts)).subscribe({ next, complete, error: fail });

      const refused = this.#enter(invocation);
      if (refused !== undefined) return void answerInstead(refused, 0);
      let hasBegun = false;
      const subscription = this.runtime.scope.run(invocation.scope, () =>
        source().subscribe({
          next: (value) => {
            hasBegun = true;
            next(value);
          },
          complete: () => {
            circuit.succeeded(undefined);
            complete();
          },
          error: (error: unknown) => {
            const failed = this.#diagnose(invocation, error, true);
            if (failed === undefined) fail(error);
            else if (hasBegun)
              fail(errorThrownBy(() => succeeded({ status: 'failed', ...failed, attempts: 1 }, invocation.call)));
            else answerInstead(failed, 1);
          },
        }),
      );
      return () => {
        subscription.unsubscribe();
        circuit.leave();
      };
    });
  }

  #enter({ circuit }: Invocation): FailedAttempt | undefined {
    const refusal = circuit.enter();
    if (refusal === undefined) return undefined;
    const failure = diagnoseFailure({ from: 'circuit', ...refusal }, this.runtime.clock.wallMs());
    return { ok: false, failure, cause: undefined };
  }

  /** @throws the error itself when no call to the API made it: it is the application's, and none of our business */
  async #judge(invocation: Invocation, result: unknown): Promise<AttemptResult<unknown>> {
    try {
      return { ok: true, value: invocation.circuit.succeeded(await result) };
    } catch (error) {
      const failed = this.#diagnose(invocation, error);
      if (failed === undefined) throw error;
      return failed;
    }
  }

  #diagnose({ circuit, call }: Invocation, cause: unknown, isObservableMethod = false): FailedAttempt | undefined {
    const facts = describeThrown(cause);
    if (facts === undefined) {
      circuit.leave();
      return undefined;
    }
    const { clock, events } = this.runtime;
    const failure = diagnoseFailure(facts, clock.wallMs());
    circuit.failed(failure, isObservableMethod);
    if (failure.isInner !== true) {
      const durationMs = clock.nowMs() - call.startedAtMs;
      events.emit({ type: 'call.completed', call, outcome: 'failed', failure, attempts: 1, durationMs });
    }
    return { ok: false, failure, cause };
  }

  /** @throws {ClaudeCallError} when no fallback answers */
  async #recover(invocation: Invocation, { failure, cause }: FailedAttempt, attempts: number): Promise<unknown> {
    const { marker, args, call, scope } = invocation;
    const inputOf = () => (marker.input === undefined ? args[0] : marker.input(...args));
    const failed = { status: 'failed', failure, cause, attempts } as const;
    const { value } = succeeded(await this.runtime.fallbacks.answer(failed, call, inputOf), call);
    scope.request.outcome = 'fallback';
    return value;
  }
}

/** A method that throws at once is like one whose promise rejects. */
function begin(proceed: () => unknown): unknown {
  try {
    return proceed();
  } catch (error) {
    return Promise.reject(error);
  }
}

function errorThrownBy(throwing: () => unknown): unknown {
  try {
    return throwing();
  } catch (error) {
    return error;
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
