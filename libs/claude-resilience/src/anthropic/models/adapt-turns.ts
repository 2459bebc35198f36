import type Anthropic from '@anthropic-ai/sdk';
import type { AdaptableParams } from './adaptable-params.js';
import { goOnInWords } from './go-on-in-words.js';
import type { ModelRules } from './model-rules.js';

/** The turns of the assistant that a request ends with: an answer that it begins, or that was paused. */
export function begunTurns({ messages }: AdaptableParams): readonly Anthropic.MessageParam[] {
  return messages.slice(messages.findLastIndex(({ role }) => role !== 'assistant') + 1);
}

/** A begun answer, in words where the model does not take it; one that says nothing yet is left out. */
export function adaptPrefill(params: AdaptableParams, { takes }: ModelRules): AdaptableParams {
  const begun = begunTurns(params);
  if (takes.includes('prefill') || begun.length === 0) return params;
  const beginning = begun.map(textOf).join('');
  const before = params.messages.slice(0, -begun.length);
  return { ...params, messages: beginning.trim() === '' ? before : [...before, goOnInWords(beginning)] };
}

/** Instructions in mid-conversation, from the user where the model knows no others: every model reads those. */
export function adaptSystemTurns(params: AdaptableParams, { takes }: ModelRules): AdaptableParams {
  if (takes.includes('system_turns') || !params.messages.some(({ role }) => role === 'system')) return params;
  const messages = params.messages.map((turn) => (turn.role === 'system' ? { ...turn, role: 'user' as const } : turn));
  return { ...params, messages };
}

function textOf({ content }: Anthropic.MessageParam): string {
  if (typeof content === 'string') return content;
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}
