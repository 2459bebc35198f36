import { ClaudeInvalidOptionsError, ClaudeUnknownFeatureError } from './errors.js';
import type { ResolvedFeature } from './options.js';

/** The declared features and their settings. Filled at bootstrap, read ever after. */
export class FeatureRegistry {
  readonly #features = new Map<string, ResolvedFeature>();

  constructor(features: readonly ResolvedFeature[]) {
    for (const feature of features) this.#features.set(feature.name, feature);
  }

  /** @throws {ClaudeInvalidOptionsError} when somebody configured a feature of that name already */
  add(feature: ResolvedFeature): void {
    if (this.#features.get(feature.name)?.isDeclared === true) {
      throw new ClaudeInvalidOptionsError([
        `forFeature: "${feature.name}" exists already; set its options in one place, forRoot or one forFeature`,
      ]);
    }
    this.#features.set(feature.name, feature);
  }

  has(name: string): boolean {
    return this.#features.has(name);
  }

  /** What is wrong with a name that nobody declared; `undefined` when somebody did. */
  whyUnknown(name: string): string | undefined {
    if (this.has(name)) return undefined;
    return `unknown feature "${name}"; declare it in forRoot({ features }) or forFeature; known: ${this.names().join(', ')}`;
  }

  /** @throws {ClaudeUnknownFeatureError} when nobody declared it */
  get(name: string): ResolvedFeature {
    const feature = this.#features.get(name);
    if (feature === undefined) throw new ClaudeUnknownFeatureError(name, this.names());
    return feature;
  }

  names(): readonly string[] {
    return [...this.#features.keys()];
  }
}
