import type { AdaptableParams } from './adaptable-params.js';
import { begunTurns } from './adapt-turns.js';
import { estimateTokens } from './estimate-tokens.js';
import type { ModelRules } from './model-rules.js';

/**
 * Why a request cannot be another model's: `context_size`: the prompt is likely longer than its window; `region`: it
 * cannot be told where to run, and that promise is never dropped; `unfinished_turn`: it ends in a paused turn, with
 * tools at work; `tools`: the model does not know one of them.
 */
export type Misfit = 'context_size' | 'region' | 'unfinished_turn' | 'tools';

/**
 * @param given as it was for the source
 * @param adapted as it would be for the target
 * @param source undefined: not known
 */
export function findMisfit(
  given: AdaptableParams,
  adapted: AdaptableParams,
  source: ModelRules | undefined,
  target: ModelRules,
): Misfit | undefined {
  if (namesRegion(adapted) && !target.takes.includes('inference_geo')) return 'region';
  if (adapted.messages.length === 0 || isPaused(given)) return 'unfinished_turn';
  if (needsToolOf(adapted, target)) return 'tools';
  if (isRoomier(target, source)) return undefined;
  return estimateTokens(adapted) > target.contextTokens ? 'context_size' : undefined;
}

function namesRegion({ inference_geo: region }: AdaptableParams): boolean {
  return region !== undefined && region !== null;
}

/** A begun answer is text; with anything else, the model that began it has to end it. */
function isPaused(params: AdaptableParams): boolean {
  const passing = ['text', 'thinking', 'redacted_thinking'];
  return begunTurns(params).some(
    ({ content }) => Array.isArray(content) && content.some(({ type }) => !passing.includes(type)),
  );
}

function needsToolOf({ tools = [] }: AdaptableParams, { lacksTools }: ModelRules): boolean {
  return tools.some((tool) => lacksTools.some((lacking) => 'type' in tool && tool.type?.startsWith(lacking) === true));
}

/** Then the prompt fits as it did before, and no estimate can say otherwise. */
function isRoomier(target: ModelRules, source: ModelRules | undefined): boolean {
  if (source === undefined || target.contextTokens < source.contextTokens) return false;
  return target.tokenizer === 'classic' || source.tokenizer === 'denser';
}
