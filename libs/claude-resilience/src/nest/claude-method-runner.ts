import { catchError, from, isObservable, Observable, tap } from 'rxjs';
import { describeThrown } from '../anthropic/function-transport.js';
import type { AttemptResult } from '../core/call.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import type { Failure } from '../core/failure/failure.js';
import { runWithRetry } from '../core/retry/run-with-retry.js';
import { openCall } from './claude-call.options.js';
import type { MethodMarker } from './claude-fallback.metadata.js';
import type { ClaudeRuntime } from './claude-runtime.js';
import type { ClaudeScopeValues } from './claude-scope.js';
import { MethodCircuit } from './method-circuit.js';
import { succeeded } from './outcome-value.js';

interface Invocation {
  readonly marker: MethodMarker;
  readonly args: readonly unknown[];
  readonly scope: ClaudeScopeValues;
  readonly circuit: MethodCircuit;
}

/** What stands around a method with `@ClaudeFallback`: the scope of its feature, classification, and the fallback. */
export class ClaudeMethodRunner {
  /** Names of methods that call the API themselves; see `MethodCircuit`. */
  readonly #direct = new Set<string>();

  constructor(private readonly runtime: ClaudeRuntime) {}

  /** @param name class and method, for telling methods apart */
  invoke(name: string, marker: MethodMarker, args: readonly unknown[], proceed: () => unknown): unknown {
    const { scope: scopes, random, circuits } = this.runtime;
    const outer = scopes.current();
    outer?.handOver?.();
    const circuit = new MethodCircuit(circuits.of(marker.feature), name, this.#direct);
    const scope: ClaudeScopeValues = {
      ...outer,
      correlationId: outer?.correlationId ?? random.id(),
      feature: marker.feature,
      handOver: () => circuit.handOver(),
      request: outer?.request ?? {},
    };
    const invocation = { marker, args, scope, circuit };
    if (marker.retry) return scopes.run(scope, () => this.#repeat(invocation, proceed));
    return scopes.run(scope, () => this.#once(invocation, proceed));
  }

  #once(invocation: Invocation, proceed: () => unknown): unknown {
    const { circuit } = invocation;
    const refusal = circuit.enter();
    if (refusal !== undefined) return this.#recover(invocation, this.#refused(refusal.retryAfterMs), undefined, 0);
    try {
      const result = proceed();
      if (isObservable(result)) return this.#observed(invocation, result);
      if (!isPromise(result)) return circuit.succeeded(result);
      return result.then(
        (value) => circuit.succeeded(value),
        (error: unknown) => this.#failed(invocation, error),
      );
    } catch (error) {
      return this.#failed(invocation, error);
    }
  }

  /** An answer that has begun cannot be taken back: only a failure before the first value gets the fallback. */
  #observed(invocation: Invocation, source: Observable<unknown>): Observable<unknown> {
    let hasBegun = false;
    const inScope = new Observable((subscriber) =>
      this.runtime.scope.run(invocation.scope, () => source.subscribe(subscriber)),
    );
    return inScope.pipe(
      tap({ next: () => (hasBegun = true), complete: () => invocation.circuit.succeeded(undefined) }),
      // An error that is none of ours is thrown again in here, and rxjs passes it on.
      catchError((error: unknown) => from(this.#failed(invocation, error, hasBegun))),
    );
  }

  async #repeat(invocation: Invocation, proceed: () => unknown): Promise<unknown> {
    const { marker, circuit } = invocation;
    const { features, clock, random } = this.runtime;
    const call = openCall(this.runtime, { feature: marker.feature });
    const attempt = async (): Promise<AttemptResult<unknown>> => {
      const refusal = circuit.enter();
      if (refusal !== undefined) return { ok: false, failure: this.#refused(refusal.retryAfterMs), cause: undefined };
      try {
        return { ok: true, value: circuit.succeeded(await proceed()) };
      } catch (cause) {
        const failure = this.#diagnose(cause);
        if (failure === undefined) throw circuit.leftBy(cause);
        circuit.failed(failure);
        return { ok: false, failure, cause };
      }
    };
    const hooks = { attempt, circuitOpenForMs: () => circuit.openForMs() };
    const result = await runWithRetry(call, hooks, features.get(marker.feature).retry, clock, random);
    return result.ok ? result.value : this.#recover(invocation, result.failure, result.cause, result.attempts);
  }

  /** @throws the error itself when no call to the API made it: it is the application's, and none of our business */
  #failed(invocation: Invocation, error: unknown, hasBegun = false): Promise<unknown> {
    const failure = this.#diagnose(error);
    if (failure === undefined) throw invocation.circuit.leftBy(error);
    invocation.circuit.failed(failure);
    const attempts = (error as { attempts?: number }).attempts ?? 1;
    return this.#recover(invocation, failure, error, attempts, hasBegun);
  }

  async #recover(
    { marker, args, scope }: Invocation,
    failure: Failure,
    cause: unknown,
    attempts: number,
    hasBegun = false,
  ): Promise<unknown> {
    const who = { id: scope.correlationId, feature: marker.feature };
    const failed = { status: 'failed', failure, cause, attempts } as const;
    const input = marker.input === undefined ? args[0] : marker.input(...(args as never[]));
    const outcome = succeeded(hasBegun ? failed : await this.runtime.fallbacks.answer(failed, who, input), who);
    scope.request.outcome = 'fallback';
    return outcome.value;
  }

  #diagnose(error: unknown): Failure | undefined {
    const facts = describeThrown(error);
    return facts && diagnoseFailure(facts, this.runtime.clock.wallMs());
  }

  #refused(retryAfterMs: number): Failure {
    return diagnoseFailure({ from: 'circuit', retryAfterMs }, this.runtime.clock.wallMs());
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
