import { catchError, from, isObservable, Observable, tap } from 'rxjs';
import { describeThrown } from '../anthropic/function-transport.js';
import type { AttemptResult } from '../core/call.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import { runWithRetry } from '../core/retry/run-with-retry.js';
import { openCall } from './claude-call.options.js';
import type { MethodMarker } from './claude-fallback.metadata.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ClaudeScopeValues } from '../runtime/claude-scope.js';
import { MethodCircuit } from './method-circuit.js';
import { succeeded } from './outcome-value.js';

/** One time that a decorated method is called. */
interface Invocation {
  readonly marker: MethodMarker;
  readonly args: readonly unknown[];
  readonly scope: ClaudeScopeValues;
  readonly circuit: MethodCircuit;
}

type FailedAttempt = Extract<AttemptResult<unknown>, { ok: false }>;

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
    return scopes.run(scope, () =>
      marker.retry ? this.#repeated(invocation, proceed) : this.#once(invocation, proceed),
    );
  }

  #once(invocation: Invocation, proceed: () => unknown): unknown {
    const refused = this.#enter(invocation);
    if (refused !== undefined) return this.#recover(invocation, refused, 0);
    const result = begin(proceed);
    if (isObservable(result)) return this.#observed(invocation, result);
    return isPromise(result) ? this.#ended(invocation, result) : invocation.circuit.succeeded(result);
  }

  async #ended(invocation: Invocation, result: Promise<unknown>): Promise<unknown> {
    const judged = await this.#judge(invocation, result);
    return judged.ok ? judged.value : this.#recover(invocation, judged, 1);
  }

  async #repeated(invocation: Invocation, proceed: () => unknown): Promise<unknown> {
    const { marker, circuit } = invocation;
    const { features, clock, random } = this.runtime;
    const hooks = {
      attempt: async () => this.#enter(invocation) ?? this.#judge(invocation, begin(proceed)),
      circuitOpenForMs: () => circuit.openForMs(),
    };
    const call = openCall(this.runtime, { feature: marker.feature });
    const result = await runWithRetry(call, hooks, features.get(marker.feature).retry, clock, random);
    return result.ok ? result.value : this.#recover(invocation, result, result.attempts);
  }

  /** An answer that has begun cannot be taken back: only a failure before the first value gets the fallback. */
  #observed(invocation: Invocation, source: Observable<unknown>): Observable<unknown> {
    let hasBegun = false;
    const inScope = new Observable((subscriber) =>
      this.runtime.scope.run(invocation.scope, () => source.subscribe(subscriber)),
    );
    const recovered = async (error: unknown): Promise<unknown> => {
      const failed = this.#failed(invocation, error);
      return hasBegun ? this.#thrown(invocation, failed, 1) : this.#recover(invocation, failed, 1);
    };
    return inScope.pipe(
      tap({ next: () => (hasBegun = true), complete: () => invocation.circuit.succeeded(undefined) }),
      catchError((error: unknown) => from(recovered(error))),
    );
  }

  #enter({ circuit }: Invocation): FailedAttempt | undefined {
    const refusal = circuit.enter();
    if (refusal === undefined) return undefined;
    const failure = diagnoseFailure({ from: 'circuit', ...refusal }, this.runtime.clock.wallMs());
    return { ok: false, failure, cause: undefined };
  }

  async #judge(invocation: Invocation, result: unknown): Promise<AttemptResult<unknown>> {
    try {
      return { ok: true, value: invocation.circuit.succeeded(await result) };
    } catch (error) {
      return this.#failed(invocation, error);
    }
  }

  /** @throws the error itself when no call to the API made it: it is the application's, and none of our business */
  #failed({ circuit }: Invocation, cause: unknown): FailedAttempt {
    const facts = describeThrown(cause);
    if (facts === undefined) throw circuit.leftBy(cause);
    const failure = diagnoseFailure(facts, this.runtime.clock.wallMs());
    circuit.failed(failure);
    return { ok: false, failure, cause };
  }

  /** @throws {ClaudeCallError} when no fallback answers */
  async #recover(invocation: Invocation, { failure, cause }: FailedAttempt, attempts: number): Promise<unknown> {
    const { marker, args, scope } = invocation;
    const who = { id: scope.correlationId, feature: marker.feature };
    const input = marker.input === undefined ? args[0] : marker.input(...(args as never[]));
    const failed = { status: 'failed', failure, cause, attempts } as const;
    const { value } = succeeded(await this.runtime.fallbacks.answer(failed, who, input), who);
    scope.request.outcome = 'fallback';
    return value;
  }

  #thrown({ marker, scope }: Invocation, { failure, cause }: FailedAttempt, attempts: number): never {
    const who = { id: scope.correlationId, feature: marker.feature };
    return succeeded<never, never>({ status: 'failed', failure, cause, attempts }, who).value;
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

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
