import { isJsonObject, type JsonObject } from '../json/json-object.js';

const ROLES: readonly unknown[] = ['user', 'assistant', 'system'];

/** The first thing wrong with `messages`, in the API's own manner. */
export function checkTurns(turns: unknown, apiVersion: string): string | undefined {
  if (turns === undefined) return 'messages: Field required';
  if (!Array.isArray(turns)) return 'messages: Input should be a valid list';
  if (turns.length === 0) return 'messages: at least one message is required';
  const last = turns.length - 1;
  return first(turns, (turn, index) => checkTurn(turn, `messages.${index}`, index === last, apiVersion));
}

function checkTurn(turn: unknown, at: string, isLast: boolean, apiVersion: string): string | undefined {
  if (!isJsonObject(turn)) return `${at}: Input should be a valid dictionary`;
  const { role, content } = turn as { readonly role?: unknown; readonly content?: unknown };
  if (role === undefined) return `${at}.role: Field required`;
  if (!ROLES.includes(role)) return `${at}.role: Input should be 'user' or 'assistant'`;
  if (content === undefined) return `${at}.content: Field required`;
  if (typeof content !== 'string' && !Array.isArray(content))
    return `${at}.content: Input should be a valid string or list`;
  if (content.length === 0 && !(isLast && role === 'assistant')) {
    return `${at}: all messages must have non-empty content except for the optional final assistant message`;
  }
  if (typeof content === 'string') return undefined;
  return first(content, (block, index) => checkBlock(block, role, `${at}.content.${index}`, apiVersion));
}

function checkBlock(block: unknown, role: unknown, at: string, apiVersion: string): string | undefined {
  if (!isJsonObject(block)) return `${at}: Input should be a valid dictionary`;
  const type = block['type'];
  if (type === undefined) return `${at}.type: Field required`;
  if (typeof type !== 'string') return `${at}.type: Input should be a valid string`;
  if (type === 'text') return checkText(block, at) ?? checkSince2026(block, role, at, apiVersion);
  return checkSince2026(block, role, at, apiVersion);
}

function checkText(block: JsonObject, at: string): string | undefined {
  const text = block['text'];
  if (text === undefined) return `${at}.text: Field required`;
  if (typeof text !== 'string') return `${at}.text: Input should be a valid string`;
  return text === '' ? 'messages: text content blocks must be non-empty' : undefined;
}

/** Two blocks that API version 2026-10-21 stopped taking. */
function checkSince2026(block: JsonObject, role: unknown, at: string, apiVersion: string): string | undefined {
  if (apiVersion < '2026-10-21') return undefined;
  if (role === 'assistant' && block['type'] === 'document')
    return `${at}: document blocks are not permitted in assistant messages`;
  if (role === 'user' && block['type'] === 'text' && Array.isArray(block['citations'])) {
    return `${at}.citations: Extra inputs are not permitted`;
  }
  return undefined;
}

function first(
  items: readonly unknown[],
  check: (item: unknown, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const issue = check(item, index);
    if (issue !== undefined) return issue;
  }
  return undefined;
}
