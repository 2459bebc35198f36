import { bucketOf } from '../anthropic/models/rate-limit-bucket.js';
import type { Target } from '../core/call.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { ResolvedFeature } from '../core/options.js';
import { OWN_PLATFORM, type ResolvedModelChoice } from '../core/route/model-choice.js';

type Targets = readonly Target[];

/** Callers name models: of one feature, no more lists than this are kept. */
const MOST_KEPT = 16;

/** Whom calls may be answered by. The same for all calls of a feature that ask for the same model, and so made once. */
export class CallTargets {
  readonly #kept = new Map<ResolvedFeature, Map<string | undefined, Targets>>();

  /**
   * The model asked for, then the feature's others in their order.
   *
   * @param model `undefined`: the feature's first choice
   * @throws {ClaudeInvalidOptionsError} when neither the call nor the feature names one
   */
  of(feature: ResolvedFeature, model: string | undefined): Targets {
    const kept = this.#keptOf(feature);
    const known = kept.get(model);
    if (known !== undefined) return known;
    const targets = targetsOf(feature, model);
    if (kept.size === MOST_KEPT) kept.clear();
    kept.set(model, targets);
    return targets;
  }

  #keptOf(feature: ResolvedFeature): Map<string | undefined, Targets> {
    const known = this.#kept.get(feature);
    if (known !== undefined) return known;
    const begun = new Map<string | undefined, Targets>();
    this.#kept.set(feature, begun);
    return begun;
  }
}

function targetsOf({ name, models }: ResolvedFeature, model: string | undefined): Targets {
  const known = models.find((choice) => choice.model === model);
  const first = model === undefined ? models[0] : (known ?? { model, platform: OWN_PLATFORM });
  if (first === undefined) {
    throw new ClaudeInvalidOptionsError([
      `model: a model id, in the parameters or in features.${name}.models, got undefined`,
    ]);
  }
  return Object.freeze([first, ...models.filter((choice) => choice !== first)].map(targetOf));
}

function targetOf({ model, platform }: ResolvedModelChoice): Target {
  return Object.freeze({ model, platform, bucket: `${platform}:${bucketOf(model)}` });
}
