import { isJsonObject } from '../json/json-object.js';
import type { Model } from '../models/model.js';
import type { CountRequest, MessageRequest } from './message-request.js';

/** What is wrong with a well-formed request on this particular model: the 400s that a fallback model trips over. */
export function findModelUseIssue(request: CountRequest, model: Model, inputTokens: number): string | undefined {
  return (
    checkPrefill(request, model) ??
    checkThinking(request['thinking'], model) ??
    checkToolChoice(request['tool_choice'], model) ??
    checkPromptLength(inputTokens, model)
  );
}

export function findMaxTokensIssue(
  { max_tokens: asked }: MessageRequest,
  { id, maxOutputTokens }: Model,
): string | undefined {
  if (asked <= maxOutputTokens) return undefined;
  return `max_tokens: ${asked} > ${maxOutputTokens}, which is the maximum allowed number of output tokens for ${id}`;
}

function checkPrefill({ messages }: CountRequest, model: Model): string | undefined {
  if (messages.at(-1)?.role !== 'assistant' || !model.rejects.includes('prefill')) return undefined;
  return 'This model does not support assistant message prefill. The conversation must end with a user message.';
}

function checkThinking(thinking: unknown, model: Model): string | undefined {
  if (!isJsonObject(thinking)) return undefined;
  const type = thinking['type'];
  if (model.thinking.some((accepted) => accepted === type)) return undefined;
  return `thinking.type: "${String(type)}" is not supported by ${model.id}; use ${model.thinking.join(' or ')}`;
}

function checkToolChoice(toolChoice: unknown, model: Model): string | undefined {
  if (!isJsonObject(toolChoice) || !model.rejects.includes('forced_tool_choice')) return undefined;
  const type = toolChoice['type'];
  if (type !== 'any' && type !== 'tool') return undefined;
  return `tool_choice.type: "${type}" is not supported by ${model.id}`;
}

function checkPromptLength(inputTokens: number, { contextTokens }: Model): string | undefined {
  if (inputTokens <= contextTokens) return undefined;
  return `prompt is too long: ${inputTokens} tokens > ${contextTokens} maximum`;
}
