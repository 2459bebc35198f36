import type { ClaudeCall, FallbackOutcome, Outcome } from '../call.js';
import type { Clock } from '../clock.port.js';
import type { EventHub } from '../events.js';
import type { Failure, FailureKind } from '../failure/failure.js';
import type { FeatureRegistry } from '../feature-registry.js';
import { ClaudeCatalogueWording } from '../wording/claude-catalogue-wording.js';
import type { ClaudeWording } from '../wording/claude-wording.port.js';
import type { Soon } from '../soon.js';
import type { ClaudeFallbackHandler, FallbackContext } from './fallback.port.js';

/** Longest time a fallback may take, in milliseconds: somebody has waited for the real answer already. */
const LONGEST_ANSWER_MS = 10_000;

type Failed = Extract<Outcome<never>, { status: 'failed' }>;
type AnsweredCall = Pick<ClaudeCall, 'id' | 'feature' | 'workflow' | 'model' | 'locale'>;

/** Which fallback answers for which feature, and when. Filled at bootstrap. */
export class FallbackRegistry {
  readonly #handlers = new Map<string, ClaudeFallbackHandler>();

  constructor(
    private readonly features: FeatureRegistry,
    private readonly events: EventHub,
    private readonly clock: Clock,
    private readonly wording: ClaudeWording = new ClaudeCatalogueWording(),
  ) {}

  set(feature: string, handler: ClaudeFallbackHandler): void {
    this.#handlers.set(feature, handler);
  }

  has(feature: string): boolean {
    return this.#handlers.has(feature);
  }

  /** What users get from the fallback of a feature, in some words; `undefined` when it has none. */
  usersGet(feature: string): string | undefined {
    const handler = this.#handlers.get(feature);
    return handler && (handler.usersGet ?? 'the answer of the fallback');
  }

  /**
   * Turns a failed outcome into the fallback's answer, where the feature has a fallback for this kind of failure. One
   * that throws, or takes over 10 s, leaves the outcome as it was: the caller hears what went wrong first (R26).
   *
   * @param inputOf gives what the fallback makes its answer from; asked only if it is
   */
  answer<T>(outcome: Outcome<T, unknown>, call: AnsweredCall, inputOf: () => unknown): Soon<Outcome<T, unknown>> {
    const handler = this.#handlers.get(call.feature);
    if (outcome.status !== 'failed' || handler === undefined) return outcome;
    const { failure } = outcome;
    if (!this.features.get(call.feature).fallbackOn.has(failure.kind)) return outcome;
    try {
      const context = this.#contextOf(call, failure);
      const given = handler.answer(inputOf(), context);
      if (!isPromised(given)) return this.#answered(outcome, call, given, context.message);
      return this.#inTime(given)
        .then((answer) => this.#answered(outcome, call, answer, context.message))
        .catch((error: unknown) => this.#failed(outcome, call, error));
    } catch (error) {
      return this.#failed(outcome, call, error);
    }
  }

  #contextOf({ id: correlationId, feature, locale: asked }: AnsweredCall, failure: Failure): FallbackContext {
    const { kind, retryAfterMs } = failure;
    const locale = asked ?? this.wording.defaultLocale;
    const message = this.wording.fallbackMessage(locale);
    return retryAfterMs === undefined
      ? { feature, correlationId, kind, locale, message }
      : { feature, correlationId, kind, locale, message, retryAfterMs };
  }

  #answered(failed: Failed, call: AnsweredCall, answer: unknown, message: string): FallbackOutcome<unknown> {
    const { failure, attempts } = failed;
    const value = markDegraded(answer, message);
    this.events.emit(toldOf('fallback.answered', call, failure.kind));
    return { status: 'fallback', value, failure, attempts, message };
  }

  #failed(failed: Failed, call: AnsweredCall, error: unknown): Failed {
    const errorName = error instanceof Error ? error.name : typeof error;
    this.events.emit({ ...toldOf('fallback.failed', call, failed.failure.kind), errorName });
    return failed;
  }

  #inTime<T>(answer: PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = this.clock.after(LONGEST_ANSWER_MS, () => reject(new FallbackTooSlowError()));
      // By way of `resolve`: what is only like a promise may throw when it is asked.
      Promise.resolve(answer).then(
        (value) => (stop(), resolve(value)),
        (error: unknown) => (stop(), reject(error)),
      );
    });
  }
}

function toldOf<T>(type: T, { id: correlationId, feature, workflow, model }: AnsweredCall, kind: FailureKind) {
  return model === undefined
    ? { type, feature, correlationId, kind, workflow }
    : { type, feature, correlationId, kind, workflow, model };
}

function isPromised<T>(answer: T | PromiseLike<T>): answer is PromiseLike<T> {
  return typeof (answer as Partial<PromiseLike<T>> | null | undefined)?.then === 'function';
}

/** Goes no further than the event, by its name. */
class FallbackTooSlowError extends Error {
  override readonly name = 'FallbackTooSlowError';
}

/** An object says of itself that it is not the real thing; anything else stays as the fallback made it. */
function markDegraded(answer: unknown, message: string): unknown {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer) || ArrayBuffer.isView(answer))
    return answer;
  const marks = { message, ...answer, degraded: true };
  if (Object.getPrototypeOf(answer) === Object.prototype) return marks;
  // An instance of a class would lose its methods in a copy.
  return Object.isExtensible(answer) ? Object.assign(answer, marks) : answer;
}
