import type { MessageRequest, Turn } from '../api/message-request.js';
import { contentText } from '../api/prompt-text.js';

/** What a request looks like that may want to go on with an answer that was cut. */
export interface Interruption {
  /** The request that the cut answer belonged to. */
  readonly original: MessageRequest;
  /** What the assistant's turns since then say. */
  readonly assistantText: string;
  /** The last user turn that asks to continue; null where the request ends with an assistant prefill. */
  readonly instruction: string | null;
}

const ASKS_TO_CONTINUE = /\b(interrupted|cut (off|short)|left off|continue|resume)\b/i;

/** Splits a request into the original one and what came after the cut; null if its last turn is a new prompt. */
export function findInterruption(request: MessageRequest): Interruption | null {
  const { messages } = request;
  const last = messages.at(-1);
  if (last === undefined || !followsCut(last)) return null;
  const lastPrompt = messages.findLastIndex((turn) => !followsCut(turn));
  if (lastPrompt < 0) return null;
  const since = messages.slice(lastPrompt + 1);
  return {
    original: { ...request, messages: messages.slice(0, lastPrompt + 1) },
    assistantText: since.map((turn) => (turn.role === 'assistant' ? contentText(turn.content) : '')).join(''),
    instruction: last.role === 'assistant' ? null : contentText(last.content),
  };
}

function followsCut({ role, content }: Turn): boolean {
  return role === 'assistant' || ASKS_TO_CONTINUE.test(contentText(content));
}
