import type { StreamEvent } from './stream-event.js';

/**
 * Whether a reader who has this event has part of the answer: from then on nothing can be repeated in silence. The
 * beginning of a message or of a block is none, nor is a text of white space alone, which no request can go on from.
 */
export function isContent({ type, delta }: StreamEvent): boolean {
  switch (type) {
    case 'content_block_delta':
      return delta?.type !== 'text_delta' || /\S/.test(delta.text ?? '');
    case 'message_delta':
      return typeof delta?.stop_reason === 'string';
    default:
      return type === 'message_stop';
  }
}
