import type { Circuit, Permit, Refusal } from '../core/circuit/circuit.js';
import type { Verdict } from '../core/circuit/next-circuit-state.js';
import type { Failure } from '../core/failure/failure.js';

/**
 * The circuit as a decorated method meets it. Permits are taken where the call is made: for a method that uses the
 * service, in the service. A method that calls the API itself is where the call is made; which methods do is learnt
 * from the first error of the SDK that leaves one, and from then on its results count.
 */
export class MethodCircuit {
  #permit: Permit | undefined;

  /** @param direct names of methods known to call the API themselves; shared by all invocations */
  constructor(
    private readonly circuit: Circuit,
    private readonly method: string,
    private readonly direct: Set<string>,
  ) {}

  /** @returns a refusal, when the method needs a permit of its own and there is none */
  enter(): Refusal | undefined {
    if (!this.direct.has(this.method)) return undefined;
    const answer = this.circuit.admit();
    if (!answer.admitted) return answer;
    this.#permit = answer;
    return undefined;
  }

  /** The service is used inside after all: it takes the permits. */
  handOver(): void {
    this.#giveBack('neutral');
  }

  succeeded<T>(value: T): T {
    this.#giveBack('success');
    return value;
  }

  /** @param failure neutral when the service made it: it is counted there */
  failed(failure: Failure): void {
    if (failure.verdict === 'failure' && !this.direct.has(this.method)) {
      this.direct.add(this.method);
      this.enter();
    }
    this.#giveBack(failure.verdict, failure.retryAfterMs);
  }

  /** An error that says nothing about the API. @returns it */
  leftBy(error: unknown): unknown {
    this.#giveBack('neutral');
    return error;
  }

  openForMs(): number {
    return this.circuit.openForMs();
  }

  #giveBack(verdict: Verdict, hintMs?: number): void {
    if (this.#permit !== undefined) this.circuit.record(this.#permit, verdict, hintMs);
    this.#permit = undefined;
  }
}
