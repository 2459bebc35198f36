import { batchParams } from '../anthropic/batch-params.js';
import { RequestPlan } from '../anthropic/request-plan.js';
import type { ClaudeCall } from '../core/call.js';
import type { BatchHooks, LetterWriter } from '../core/deferral/batch/batch-tools.js';
import type { ClaimedRequest } from '../core/deferral/request-store.port.js';
import type { ReviewList } from '../core/fallback/review-list.port.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { DeferredParameters } from './call-later.js';
import { openCall } from './open-call.js';
import type { ClaudeMessageParams } from './claude-messages.js';
import { ContentReview } from './content-review.js';

/** What deferred requests ask, put as items of a batch: for the module's own platform, screened as if they were sent alone. */
export class BatchLetters {
  constructor(
    private readonly runtime: ClaudeRuntime,
    private readonly reviews: ReviewList,
  ) {}

  readonly write: LetterWriter = async (request, signal, isReformulated) => {
    try {
      const { params, call, review } = this.#opened(request, signal);
      const plan = new RequestPlan({ ...params, model: call.model ?? '' }, isReformulated, review.screen);
      const target = call.targets.find(({ platform }) => platform === OWN_PLATFORM);
      if (target === undefined || !plan.suits(target)) return undefined;
      if ((await plan.objection(call)) !== undefined) return undefined;
      return batchParams({ ...plan.paramsFor({ target, isReformulated }) });
    } catch {
      // A feature or a model that is no longer configured: alone, it hears so.
      return undefined;
    }
  };

  /** What a model or a filter declined is for people to look at (R16). */
  readonly declined: BatchHooks['declined'] = async (request, failure) => {
    try {
      const { call, review } = this.#opened(request);
      await review.note(call, { status: 'failed', failure, cause: undefined, attempts: 1 });
    } catch {
      // Its feature is no longer configured: nobody can be told for it.
    }
  };

  /** @throws {ClaudeInvalidOptionsError} */
  #opened(
    { parametersJson, feature, workflow, priority, correlationId, locale }: ClaimedRequest,
    signal?: AbortSignal,
  ): { readonly params: ClaudeMessageParams; readonly call: ClaudeCall; readonly review: ContentReview } {
    const { runtime } = this;
    const params = (JSON.parse(parametersJson) as DeferredParameters).params as ClaudeMessageParams;
    const options = { feature, workflow, priority, ...(signal !== undefined && { signal }) };
    const call = runtime.scope.run({ correlationId, feature, locale, request: {} }, () =>
      openCall(runtime, options, { model: params.model, isDeferred: true }),
    );
    const review = new ContentReview(runtime, this.reviews, params, runtime.features.get(feature).contentPolicy);
    return { params, call, review };
  }
}
