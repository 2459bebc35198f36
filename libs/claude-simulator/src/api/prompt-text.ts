import { isJsonObject } from '../json/json-object.js';

/** All text of a prompt, system prompt first, whatever shape the body has; rules match on it. */
export function promptText(body: unknown): string {
  if (!isJsonObject(body)) return '';
  const turns: readonly unknown[] = Array.isArray(body['messages']) ? body['messages'] : [];
  const parts = [body['system'], ...turns.map((turn) => (isJsonObject(turn) ? turn['content'] : null))];
  return parts.map(contentText).filter(Boolean).join('\n');
}

/** The text of a content field: a string, or a list of blocks of which some are text. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.map((block: unknown) =>
    isJsonObject(block) && typeof block['text'] === 'string' ? block['text'] : '',
  );
  return texts.filter(Boolean).join('\n');
}
