import type { Circuit, Permit, Refusal } from '../core/circuit/circuit.js';
import type { Verdict } from '../core/circuit/next-circuit-state.js';
import type { Failure } from '../core/failure/failure.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';

/**
 * The circuit as a handler meets it. Permits are taken where the call is made: for one that uses the service, in the
 * service. One that calls the API itself is where the call is made; which ones do is learnt from the first error of the
 * SDK that leaves one, and from then on each of its runs counts as one call, whether or not it asked the API.
 */
export class MethodCircuit {
  #permit: Permit | undefined;

  /** @param method what tells this handler from others */
  constructor(
    private readonly circuit: Circuit,
    private readonly method: object,
    private readonly direct: ClaudeRuntime['direct'],
  ) {}

  /** @returns a refusal, when the handler needs a permit of its own and there is none */
  enter(): Refusal | undefined {
    if (!this.direct.has(this.method)) return undefined;
    const answer = this.circuit.admit();
    if (!answer.admitted) return answer;
    this.#permit = answer;
    return undefined;
  }

  /** Nothing was learnt: the service is used inside and takes the permits, or nobody waits for the answer any more. */
  leave(): void {
    this.#giveBack('neutral');
  }

  succeeded<T>(value: T): T {
    this.#giveBack('success');
    return value;
  }

  /** @param failure of the call inside when the service made it: it is counted there */
  failed(failure: Failure, isObservable = false): void {
    if (failure.isInner === true) return this.leave();
    this.direct.set(this.method, { isObservable });
    if (this.#permit === undefined && failure.verdict === 'failure') {
      this.circuit.observe(failure.verdict, failure.retryAfterMs);
    }
    this.#giveBack(failure.verdict, failure.retryAfterMs);
  }

  #giveBack(verdict: Verdict, hintMs?: number): void {
    if (this.#permit !== undefined) this.circuit.record(this.#permit, verdict, hintMs);
    this.#permit = undefined;
  }
}
