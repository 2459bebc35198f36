import type { Clock } from '../clock.port.js';
import type { FeatureRegistry } from '../feature-registry.js';
import { Circuit, type CircuitTransition } from './circuit.js';

/** One circuit per feature, made when first asked for. Bounded: only declared features have one. */
export class CircuitRegistry {
  readonly #circuits = new Map<string, Circuit>();
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly features: FeatureRegistry,
    private readonly clock: Clock,
    private readonly onTransition: (transition: CircuitTransition) => void,
  ) {}

  /** @throws {ClaudeUnknownFeatureError} when nobody declared the feature */
  of(feature: string): Circuit {
    const known = this.#circuits.get(feature);
    if (known !== undefined) return known;
    const circuit = new Circuit(feature, this.features.get(feature).circuit, this.clock, this.onTransition);
    this.#circuits.set(feature, circuit);
    return circuit;
  }

  /** The circuits of all declared features, in the order of declaration. */
  all(): readonly Circuit[] {
    return this.features.names().map((name) => this.of(name));
  }

  /** Calls back when probes that were left to another replica may be sent from here. @returns a function that ends it */
  onProbeTurn(callback: () => void): () => void {
    this.#waiting.add(callback);
    return () => this.#waiting.delete(callback);
  }

  probeTurn(): void {
    for (const callback of this.#waiting) callback();
  }
}
