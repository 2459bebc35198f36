import type Anthropic from '@anthropic-ai/sdk';
import type { AdaptableParams } from './adaptable-params.js';

/**
 * Without what another model thought: thinking is signed for the model that did it. A turn that held nothing else goes
 * too, as an empty one is refused; the turns around it may then be of one role, which the API reads as one turn.
 */
export function dropThinkingBlocks(params: AdaptableParams): AdaptableParams {
  if (!params.messages.some(hasThinking)) return params;
  const messages = params.messages.map(withoutThinking).filter((turn) => turn.content.length > 0);
  return { ...params, messages };
}

function hasThinking({ content }: Anthropic.MessageParam): boolean {
  return Array.isArray(content) && content.some(isThinking);
}

function withoutThinking(turn: Anthropic.MessageParam): Anthropic.MessageParam {
  if (turn.role !== 'assistant' || !Array.isArray(turn.content)) return turn;
  return { ...turn, content: turn.content.filter((block) => !isThinking(block)) };
}

function isThinking({ type }: Anthropic.ContentBlockParam): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}
