import type { Model } from '../models/model.js';
import type { Refusal } from './api-call.js';
import { firstTokens, textTokens } from './estimate-tokens.js';
import type { MessageRequest } from './message-request.js';

/** What the model has to say. */
export type Answer = { readonly kind: 'text'; readonly text: string } | Refusal;

export interface StopDetails {
  readonly type: 'refusal';
  readonly category: Refusal['category'];
  readonly explanation: string | null;
}

export type Message = ReturnType<typeof buildMessage>;

interface Stop {
  readonly text: string;
  readonly stop_reason: 'end_turn' | 'max_tokens' | 'stop_sequence' | 'refusal';
  readonly stop_sequence: string | null;
}

/** A finished Message, with every nullable field of the API's type in place. */
export function buildMessage(id: string, model: Model, request: MessageRequest, inputTokens: number, answer: Answer) {
  const { text, stop_reason, stop_sequence } = stopOf(answer, request);
  const isFast = request.speed === 'fast' && model.fastMode !== 'ignored';
  return {
    id,
    type: 'message',
    role: 'assistant',
    model: model.id,
    content: text === '' ? [] : [{ type: 'text', text, citations: null }],
    container: null,
    diagnostics: null,
    stop_reason,
    stop_sequence,
    stop_details: answer.kind === 'refusal' ? stopDetails(answer) : null,
    usage: {
      input_tokens: inputTokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: textTokens(text),
      output_tokens_details: { thinking_tokens: 0 },
      server_tool_use: null,
      service_tier: 'standard',
      speed: isFast ? 'fast' : 'standard',
      inference_geo: request.inference_geo ?? 'global',
    },
  } as const;
}

export function stopDetails({ category, explanation }: Refusal): StopDetails {
  return { type: 'refusal', category, explanation };
}

/** Cuts an answer where the request says so: at the first stop sequence, or at `max_tokens`, whichever comes first. */
function stopOf(answer: Answer, { max_tokens: maxTokens, stop_sequences: stops }: MessageRequest): Stop {
  if (answer.kind === 'refusal') return { text: '', stop_reason: 'refusal', stop_sequence: null };
  const fitting = firstTokens(answer.text, maxTokens);
  const [found] = (stops ?? [])
    .map((sequence) => ({ sequence, index: fitting.indexOf(sequence) }))
    .filter(({ index }) => index >= 0)
    .sort((a, b) => a.index - b.index);
  if (found !== undefined) {
    return { text: fitting.slice(0, found.index), stop_reason: 'stop_sequence', stop_sequence: found.sequence };
  }
  const stop_reason = fitting.length < answer.text.length ? 'max_tokens' : 'end_turn';
  return { text: fitting, stop_reason, stop_sequence: null };
}
