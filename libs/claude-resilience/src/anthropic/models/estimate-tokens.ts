import type { AdaptableParams } from './adaptable-params.js';
import { rulesOf } from './model-rules.js';

/**
 * UTF-8 bytes a token of the older tokenizer: English has about 4, code and JSON about 3, and a Chinese or Japanese
 * character of 3 bytes is about one token. The low end, so that the estimate is high.
 */
const BYTES_PER_TOKEN = 3;
/** Since 4.7: about 30 % more tokens for the same text. */
const DENSER = 1.3;
/** The most that an image costs at the resolution to which the API scales it down, before 4.7 and since. */
const IMAGE_TOKENS = { classic: 1_600, denser: 4_800 } as const;
/** A page of a PDF, as text and as image; how many there are is guessed by size. */
const PAGE_TOKENS = 3_000;
const BASE64_BYTES_PER_PAGE = 30_000;
/** For a PDF that is only named: its size is not known here. */
const NAMED_PDF_PAGES = 10;

type Tokenizer = keyof typeof IMAGE_TOKENS;

/**
 * Tokens of a prompt, on the model that it names unless another is meant; an estimate from characters, meant to be too high rather than too
 * low: plain English comes out at about four thirds of what it is. An unknown model is counted as a new one.
 */
export function estimateTokens(params: Omit<AdaptableParams, 'max_tokens'>, model = params.model): number {
  const { system, messages, tools } = params;
  const tokenizer = rulesOf(model)?.tokenizer ?? 'denser';
  const tokens = valueTokens(system, tokenizer) + valueTokens(messages, tokenizer) + valueTokens(tools, tokenizer);
  return Math.ceil(tokens);
}

function valueTokens(value: unknown, tokenizer: Tokenizer): number {
  if (Array.isArray(value)) {
    let tokens = 0;
    for (const item of value as readonly unknown[]) tokens += valueTokens(item, tokenizer);
    return tokens;
  }
  if (typeof value === 'object' && value !== null) return objectTokens(value, tokenizer);
  return value === undefined || value === null ? 0 : textTokens(String(value), tokenizer);
}

function objectTokens(value: object, tokenizer: Tokenizer): number {
  let tokens = 0;
  for (const name of Object.keys(value)) {
    const item = (value as Readonly<Record<string, unknown>>)[name];
    const file = name === 'source' ? fileTokens(value, item, tokenizer) : undefined;
    tokens += file ?? textTokens(name, tokenizer) + valueTokens(item, tokenizer);
  }
  return tokens;
}

/** What an image or a PDF costs has little to do with how long its data are. */
function fileTokens(block: object, source: unknown, tokenizer: Tokenizer): number | undefined {
  if (typeof source !== 'object' || source === null) return undefined;
  const { type, data } = source as { readonly type?: unknown; readonly data?: unknown };
  if (type !== 'base64' && type !== 'url' && type !== 'file') return undefined;
  if ((block as { readonly type?: unknown }).type === 'image') return IMAGE_TOKENS[tokenizer];
  const pages = typeof data === 'string' ? Math.ceil(data.length / BASE64_BYTES_PER_PAGE) : NAMED_PDF_PAGES;
  return Math.max(1, pages) * PAGE_TOKENS * factorOf(tokenizer);
}

/** With the marks around it, which make short texts dearer than their letters. */
function textTokens(text: string, tokenizer: Tokenizer): number {
  return ((Buffer.byteLength(text) + 2) / BYTES_PER_TOKEN) * factorOf(tokenizer);
}

function factorOf(tokenizer: Tokenizer): number {
  return tokenizer === 'denser' ? DENSER : 1;
}
