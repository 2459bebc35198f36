import type { UpstreamCircuits } from '../../core/upstream-circuits.js';

/** Whoever asked a model within this time would notice that it fails. */
const WITNESS_MS = 60_000;
/** Models that are told of; those beyond have no witness here. */
const MOST_TOLD = 32;

/** Which models were asked lately, and when they answered: as of the beats of the fleet. */
export class ModelsAsked {
  readonly #models = new Map<string, { readonly askedAtMs: number; readonly answeredAtMs: number }>();

  constructor(private readonly upstream: UpstreamCircuits) {}

  look(nowMs: number): void {
    for (const [model, hasAnswered] of this.upstream.takeAsked()) {
      const answeredAtMs = hasAnswered ? nowMs : this.answeredAtMs(model);
      this.#models.delete(model); // the newest stands last
      this.#models.set(model, { askedAtMs: nowMs, answeredAtMs });
    }
    for (const [model, { askedAtMs }] of this.#models) if (nowMs - askedAtMs >= WITNESS_MS) this.#models.delete(model);
  }

  /** As `platform:model`. */
  names(): readonly string[] {
    return [...this.#models.keys()].slice(-MOST_TOLD);
  }

  answeredAtMs(model: string): number {
    return this.#models.get(model)?.answeredAtMs ?? -Infinity;
  }
}
