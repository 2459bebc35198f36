import type { Advice, AdviceTopic } from './advice.js';
import type { AdviceRule, AdviceView } from './advice-view.js';
import { constantRateLimit } from './rules/constant-rate-limit.js';
import { deprecatedModel } from './rules/deprecated-model.js';
import { lowCacheHitRate } from './rules/low-cache-hit-rate.js';
import { persistentOverload } from './rules/persistent-overload.js';
import { recurringTimeouts } from './rules/recurring-timeouts.js';
import { tooLarge } from './rules/too-large.js';
import { unknownAnswers } from './rules/unknown-answers.js';

/** One row for each topic; thresholds, windows and least samples stand in the rule's file. */
export const ADVICE_RULES: Readonly<Record<AdviceTopic, AdviceRule>> = {
  persistent_overload: persistentOverload,
  constant_rate_limit: constantRateLimit,
  recurring_timeouts: recurringTimeouts,
  too_large: tooLarge,
  low_cache_hit_rate: lowCacheHitRate,
  deprecated_model: deprecatedModel,
  unknown_answers: unknownAnswers,
};

/** All that is true of one feature now. */
export function findAdvice(view: AdviceView): readonly Advice[] {
  return Object.values(ADVICE_RULES).flatMap((rule) => rule(view));
}
