import { isJsonObject, type JsonObject } from '../json/json-object.js';

/** A rule of thumb for English text; the real tokenizer is not public. */
const CHARACTERS_PER_TOKEN = 4;
/** Images and PDF pages are counted flat: their base64 length says nothing about tokens. */
const TOKENS_PER_FILE = 1_500;

/** Tokens of a text of our own making. */
export function textTokens(text: string): number {
  return tokensOfLength(text.length);
}

export function tokensOfLength(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** The longest beginning of a text that fits into `tokens`. */
export function firstTokens(text: string, tokens: number): string {
  return text.slice(0, tokens * CHARACTERS_PER_TOKEN);
}

/** Tokens of a prompt: system, messages and tools, every text in them, so that each turn's role costs one; 1 at least. */
export function promptTokens(body: JsonObject): number {
  return Math.max(1, valueTokens([body['system'], body['messages'], body['tools']]));
}

function valueTokens(value: unknown): number {
  if (typeof value === 'string') return textTokens(value);
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + valueTokens(item), 0);
  if (!isJsonObject(value)) return 0;
  if (isJsonObject(value['source']) && value['source']['type'] !== 'text') return TOKENS_PER_FILE;
  return valueTokens(Object.values(value));
}
