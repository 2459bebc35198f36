import type Anthropic from '@anthropic-ai/sdk';

/**
 * What users wrote: the texts of their turns, the newest last, for a screener (R17). Results of tools and documents that
 * came as text count, since users can be their authors; images, PDFs and what Claude wrote do not. Takes any shape: the API
 * is the one to reject a wrong one.
 */
export function textsInParams({ messages }: Pick<Anthropic.MessageCreateParams, 'messages'>): string[] {
  const turns: readonly unknown[] = Array.isArray(messages) ? messages : [];
  return turns
    .filter((turn) => field(turn, 'role') === 'user')
    .flatMap((turn) => textsIn(field(turn, 'content'), 0))
    .filter((text) => text.trim() !== '');
}

/** Blocks inside blocks: a document in the result of a tool is the deepest the API knows. */
const DEEPEST = 8;

function textsIn(content: unknown, depth: number): string[] {
  if (typeof content === 'string') return [content];
  if (depth > DEEPEST) return [];
  if (Array.isArray(content)) return content.flatMap((block) => textsIn(block, depth + 1));
  switch (field(content, 'type')) {
    case 'text': // a block, or the source of a document
      return [field(content, 'text'), field(content, 'data')].filter((text) => typeof text === 'string');
    case 'document':
      return ['title', 'context', 'source'].flatMap((name) => textsIn(field(content, name), depth + 1));
    case 'search_result':
      return ['title', 'content'].flatMap((name) => textsIn(field(content, name), depth + 1));
    case 'content': // the source of a document
    case 'tool_result':
      return textsIn(field(content, 'content'), depth + 1);
    default:
      return [];
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
