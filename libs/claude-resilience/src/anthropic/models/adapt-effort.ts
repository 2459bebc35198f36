import { type AdaptableParams, withoutField } from './adaptable-params.js';
import { forcedChoice } from './adapt-tool-choice.js';
import { HIGHEST_EFFORTS } from './highest-efforts.js';
import { mayThinkUnasked } from './may-think-unasked.js';
import type { Effort, ModelRules } from './model-rules.js';

/**
 * An effort that the model knows: `high` for a higher one that it does not, none for a model without efforts. Also
 * `high` where a tool is forced on a model that thinks unasked: thinking has to be off then, which some of them do up
 * to `high` only. Expects the tool choice to be the model's already.
 */
export function adaptEffort(params: AdaptableParams, rules: ModelRules): AdaptableParams {
  const { effort, ...rest } = params.output_config ?? {};
  if (effort === undefined || isKnown(effort, params, rules)) return params;
  if (rules.efforts.length > 0) return { ...params, output_config: { ...rest, effort: 'high' } };
  return Object.keys(rest).length === 0 ? withoutField(params, 'output_config') : { ...params, output_config: rest };
}

function isKnown(effort: Effort | null, params: AdaptableParams, rules: ModelRules): boolean {
  const isTooHigh = forcedChoice(params) !== undefined && mayThinkUnasked(rules) && HIGHEST_EFFORTS.includes(effort);
  if (effort === null) return rules.efforts.length > 0;
  return rules.efforts.includes(effort) && !isTooHigh;
}
