import { isJsonObject } from '../json/json-object.js';
import type { Model } from '../models/model.js';
import type { CountRequest, MessageRequest } from './message-request.js';
import { contentText } from './prompt-text.js';

const FAST_MODE_BETA = 'fast-mode-2026-02-01';
/** At these there is no thinking only between tools. */
const HIGHEST_EFFORTS: readonly unknown[] = ['xhigh', 'max'];

/** What is wrong with a well-formed request on this particular model: the 400s that a fallback model trips over. */
export function findModelUseIssue(
  request: CountRequest,
  model: Model,
  inputTokens: number,
  betas: readonly string[],
): string | undefined {
  return (
    checkPrefill(request, model) ??
    checkThinking(request['thinking'], request['output_config'], model) ??
    checkToolChoice(request['tool_choice'], model) ??
    checkSpeed(request.speed, betas, model) ??
    checkRegion(request['inference_geo'], model) ??
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

function checkPrefill({ messages }: CountRequest, { rejects }: Model): string | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return undefined;
  if (rejects.includes('prefill')) {
    return 'This model does not support assistant message prefill. The conversation must end with a user message.';
  }
  const endsInSpace = /\s$/.test(contentText(last.content));
  return endsInSpace ? 'messages: final assistant content cannot end with trailing whitespace' : undefined;
}

function checkThinking(thinking: unknown, output: unknown, { id, thinking: accepted }: Model): string | undefined {
  if (!isJsonObject(thinking)) return undefined;
  const type = thinking['type'];
  if (!accepted.some((known) => known === type)) {
    return `thinking.type: "${String(type)}" is not supported by ${id}; use ${accepted.join(' or ')}`;
  }
  const effort = isJsonObject(output) ? output['effort'] : undefined;
  if (type !== 'between_tools' || !HIGHEST_EFFORTS.includes(effort)) return undefined;
  return `thinking.type: "between_tools" is not supported at effort "${String(effort)}"`;
}

function checkToolChoice(toolChoice: unknown, { id, rejects }: Model): string | undefined {
  if (!isJsonObject(toolChoice) || !rejects.includes('forced_tool_choice')) return undefined;
  const type = toolChoice['type'];
  if (type !== 'any' && type !== 'tool') return undefined;
  return `tool_choice.type: "${type}" is not supported by ${id}`;
}

function checkSpeed(
  speed: CountRequest['speed'],
  betas: readonly string[],
  { id, fastMode }: Model,
): string | undefined {
  if (speed === undefined || speed === null) return undefined;
  if (fastMode === 'beta' && !betas.includes(FAST_MODE_BETA)) return `speed: ${id} needs the beta ${FAST_MODE_BETA}`;
  return speed === 'fast' && fastMode === 'rejected' ? `speed: "fast" is not supported by ${id}` : undefined;
}

function checkRegion(region: unknown, { id, rejects }: Model): string | undefined {
  if (region === undefined || region === null || !rejects.includes('inference_geo')) return undefined;
  return `inference_geo: not supported by ${id}`;
}

function checkPromptLength(inputTokens: number, { contextTokens }: Model): string | undefined {
  if (inputTokens <= contextTokens) return undefined;
  return `prompt is too long: ${inputTokens} tokens > ${contextTokens} maximum`;
}
