import type Anthropic from '@anthropic-ai/sdk';
import { type AdaptableParams, withoutField } from './adaptable-params.js';
import { forcedChoice } from './adapt-tool-choice.js';
import { begunTurns } from './adapt-turns.js';
import { HIGHEST_EFFORTS } from './highest-efforts.js';
import { mayThinkUnasked } from './may-think-unasked.js';
import type { ModelRules } from './model-rules.js';

type Thinking = Anthropic.ThinkingConfigParam;

/** The API's own least budget. */
const MIN_BUDGET_TOKENS = 1_024;
/** Ours: beyond it thinking gains little and the answer waits. */
const MAX_BUDGET_TOKENS = 16_000;

/**
 * Thinking as the model knows it, nearest to what was asked; left out, which every model takes, where there is no near
 * one. Expects turns without foreign thinking, and efforts, tools and `max_tokens` that are the model's already.
 */
export function adaptThinking(params: AdaptableParams, rules: ModelRules): AdaptableParams {
  const thinking = nearest(params, rules);
  if (thinking === params.thinking) return params;
  return thinking === undefined ? withoutField(params, 'thinking') : { ...params, thinking };
}

function nearest(params: AdaptableParams, rules: ModelRules): Thinking | undefined {
  // Thinking does not go with a tool that must be called, and is on by default on some models.
  if (forcedChoice(params) !== undefined && (params.thinking !== undefined || mayThinkUnasked(rules))) {
    return off(params, rules);
  }
  switch (params.thinking?.type) {
    case undefined:
      return undefined;
    case 'adaptive':
    case 'enabled':
      return on(params, params.thinking, rules);
    case 'disabled':
    case 'between_tools':
      return off(params, rules);
    default:
      return undefined; // a type that came after this table
  }
}

function on(
  params: AdaptableParams,
  asked: Anthropic.ThinkingConfigAdaptive | Anthropic.ThinkingConfigEnabled,
  { thinking: accepted }: ModelRules,
): Thinking | undefined {
  if (asked.type === 'adaptive' && accepted.includes('adaptive')) return asked;
  if (accepted.includes('enabled')) return withBudget(params, asked);
  if (!accepted.includes('adaptive')) return undefined;
  return { type: 'adaptive', ...(asked.display !== undefined && { display: asked.display }) };
}

/** Half of the answer's tokens, or what was asked if it leaves room. */
function withBudget(
  params: AdaptableParams,
  asked: Anthropic.ThinkingConfigAdaptive | Anthropic.ThinkingConfigEnabled,
): Thinking | undefined {
  // With a budget, an answer to tool results or a begun one must start with the thinking before it, which is gone.
  if (endsInToolResults(params) || begunTurns(params).length > 0) return undefined;
  if (asked.type === 'enabled' && asked.budget_tokens < params.max_tokens) return asked;
  const budget = Math.min(Math.floor(params.max_tokens / 2), MAX_BUDGET_TOKENS);
  return budget < MIN_BUDGET_TOKENS ? undefined : { type: 'enabled', budget_tokens: budget };
}

/** The least thinking that the model can be told to do. Some models switch it off at an effort up to `high` only. */
function off({ thinking, output_config }: AdaptableParams, { thinking: accepted }: ModelRules): Thinking | undefined {
  const least = accepted.includes('disabled') ? 'disabled' : 'between_tools';
  if (!accepted.includes(least) || HIGHEST_EFFORTS.includes(output_config?.effort)) return undefined;
  return thinking?.type === least ? thinking : { type: least };
}

/** Whether the turn in progress is the model's own, waiting for what its tools found. */
function endsInToolResults({ messages }: AdaptableParams): boolean {
  const sinceAnswer = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  return sinceAnswer.some(
    ({ content }) => Array.isArray(content) && content.some(({ type }) => type === 'tool_result'),
  );
}
