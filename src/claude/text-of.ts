import type Anthropic from '@anthropic-ai/sdk';
import { ServiceUnavailableException } from '@nestjs/common';

/** What the model wrote; empty when it wrote nothing, as when thinking used up all of its tokens. */
export function textOf({ content }: Pick<Anthropic.Message, 'content'>): string {
  return content
    .map((block) => (block.type === 'text' ? block.text : ''))
    .join('')
    .trim();
}

/**
 * The same for answers that are shown to somebody: an empty one, sent with a 200, would look like a success.
 *
 * @throws {ServiceUnavailableException} if there is none
 */
export function writtenText(message: Pick<Anthropic.Message, 'content'>): string {
  const text = textOf(message);
  if (text === '') throw new ServiceUnavailableException();
  return text;
}
