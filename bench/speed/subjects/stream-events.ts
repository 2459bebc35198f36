import type { ClaudeStreamEvent } from 'nestjs-claude-resilience';
import { ANSWER } from './answer.js';

/** The events of one answer, with so many pieces of text. */
export function streamEvents(pieces: number, model: string): readonly ClaudeStreamEvent[] {
  const { usage } = ANSWER;
  const piece = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'some words of it ' } };
  return [
    { type: 'message_start', message: { ...ANSWER, model, content: [], stop_reason: null, usage } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
    ...Array.from({ length: pieces }, () => piece),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: pieces },
    },
    { type: 'message_stop' },
  ] as unknown as readonly ClaudeStreamEvent[];
}
