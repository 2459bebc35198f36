import { type AdaptableParams, withoutField } from './adaptable-params.js';
import { adaptEffort } from './adapt-effort.js';
import { adaptThinking } from './adapt-thinking.js';
import { adaptToolChoice } from './adapt-tool-choice.js';
import { adaptPrefill, adaptSystemTurns } from './adapt-turns.js';
import { dropThinkingBlocks } from './drop-thinking-blocks.js';
import { findMisfit, type Misfit } from './find-misfit.js';
import { type ModelRules, rulesOf } from './model-rules.js';

export type Adaptation<P extends AdaptableParams = AdaptableParams> =
  | { readonly fits: true; readonly params: P; readonly changed: readonly AdaptedPart[] }
  | { readonly fits: false; readonly why: Misfit };

/** What was changed, for a log; never what it said. */
export type AdaptedPart = (typeof STEPS)[number][0];

/**
 * What is asked of a model that we do not know. Hints about how to answer are left out, which is right everywhere;
 * what the caller relies on stays: a forced tool, the region, the length.
 */
const UNKNOWN: ModelRules = {
  id: 'unknown',
  bucket: 'unknown',
  contextTokens: Infinity,
  maxOutputTokens: Infinity,
  tokenizer: 'denser',
  thinking: [],
  efforts: [],
  takes: ['forced_tool_choice', 'inference_geo', 'system_turns'],
  lacksTools: [],
};

/** In this order: a step leans on the ones above it. */
const STEPS = [
  ['thinking_blocks', dropThinkingBlocks],
  ['prefill', adaptPrefill],
  ['system_turns', adaptSystemTurns],
  ['inference_geo', dropIdleRegion],
  ['tool_choice', adaptToolChoice],
  ['effort', adaptEffort],
  ['max_tokens', limitAnswer],
  ['thinking', adaptThinking],
  ['speed', adaptSpeed],
] as const satisfies readonly (readonly [string, (params: AdaptableParams, rules: ModelRules) => AdaptableParams])[];

/**
 * A request of one model, put so that another takes it: a fallback never turns a 529 into a 400. Never changes what it
 * is given. Source: the API's errors page and the migration guides, November 2026.
 *
 * @param params valid on `fromModel`
 */
export function adaptParams<P extends AdaptableParams>(params: P, fromModel: string, toModel: string): Adaptation<P> {
  if (fromModel === toModel) return { fits: true, params, changed: [] };
  if (isOneModel(fromModel, toModel)) return { fits: true, params: { ...params, model: toModel }, changed: [] };
  const target = rulesOf(toModel) ?? UNKNOWN;
  const changed: AdaptedPart[] = [];
  let adapted: AdaptableParams = { ...params, model: toModel };
  for (const [part, adapt] of STEPS) {
    const before = adapted;
    adapted = adapt(before, target);
    if (adapted !== before) changed.push(part);
  }
  const why = findMisfit(params, adapted, rulesOf(fromModel), target);
  // The steps take fields away or replace them with their like; what else `P` has is untouched.
  return why === undefined ? { fits: true, params: adapted as P, changed } : { fits: false, why };
}

/** An id and the same with its date; on another platform it is another account, to which thinking is tied too. */
function isOneModel(a: string, b: string): boolean {
  const rules = rulesOf(a);
  return rules !== undefined && rules === rulesOf(b) && a.startsWith('claude-') && b.startsWith('claude-');
}

/** `global` promises nothing, so it may go where no region can be named; any other region is a misfit there. */
function dropIdleRegion(params: AdaptableParams, { takes }: ModelRules): AdaptableParams {
  const isIdle = params.inference_geo === 'global' || params.inference_geo === null;
  return isIdle && !takes.includes('inference_geo') ? withoutField(params, 'inference_geo') : params;
}

function limitAnswer(params: AdaptableParams, { maxOutputTokens }: ModelRules): AdaptableParams {
  return params.max_tokens <= maxOutputTokens ? params : { ...params, max_tokens: maxOutputTokens };
}

/** `standard` goes as well: it is the default, and some models take no speed at all without a beta header. */
function adaptSpeed(params: AdaptableParams, { takes }: ModelRules): AdaptableParams {
  return takes.includes('fast_mode') ? params : withoutField(params, 'speed');
}
