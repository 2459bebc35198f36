import type { Origin } from '../core/call.js';

/** Who gave which answer, for as long as somebody has that. */
export class AnswerOrigins {
  readonly #origins = new WeakMap<object, Origin>();

  /** @param refusalModels whom the SDK's middleware may have asked inside one request of ours */
  note(answer: object, origin: Origin, refusalModels: readonly string[]): void {
    this.#origins.set(answer, refusalModels.length === 0 ? origin : originWithin(origin, answer, refusalModels));
  }

  /** `undefined` for what did not come from here. */
  of(answer: object): Origin | undefined {
    return this.#origins.get(answer);
  }
}

function originWithin(origin: Origin, answer: object, refusalModels: readonly string[]): Origin {
  const model = refusalModels.find((name) => name === (answer as { model?: unknown }).model);
  if (model === undefined || model === origin.model) return origin;
  const { model: asked, platform } = origin;
  return { ...origin, model, insteadOf: [...origin.insteadOf, { model: asked, platform, kind: 'content_policy' }] };
}
