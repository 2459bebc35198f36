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

/** In characters. */
const SHORT = 24;

type Tokenizer = 'classic' | 'denser';

/**
 * Tokens of a prompt, on the model that it names unless another is meant; an estimate from characters, meant to be too high rather than too
 * low: plain English comes out at about four thirds of what it is. An unknown model is counted as a new one.
 */
export function estimateTokens(params: Omit<AdaptableParams, 'max_tokens'>, model = params.model): number {
  const prompt = new Prompt();
  prompt.add(params.system);
  prompt.add(params.messages);
  prompt.add(params.tools);
  return Math.ceil(prompt.tokens(rulesOf(model)?.tokenizer ?? 'denser'));
}

/** What of a prompt takes tokens, counted in one walk. */
class Prompt {
  private bytes = 0;
  private images = 0;
  private pages = 0;

  tokens(tokenizer: Tokenizer): number {
    const factor = tokenizer === 'denser' ? DENSER : 1;
    return (this.bytes / BYTES_PER_TOKEN + this.pages * PAGE_TOKENS) * factor + this.images * IMAGE_TOKENS[tokenizer];
  }

  add(value: unknown): void {
    if (typeof value === 'string') this.addText(value);
    else if (Array.isArray(value)) for (let at = 0; at < value.length; at++) this.add(value[at]);
    else if (typeof value === 'object' && value !== null) this.addObject(value);
    else if (value !== undefined && value !== null) this.addText(String(value));
  }

  private addObject(value: object): void {
    for (const name in value) {
      if (!Object.hasOwn(value, name)) continue;
      const item = (value as Readonly<Record<string, unknown>>)[name];
      if (name === 'source' && this.isFile(value, item)) continue;
      this.addText(name);
      this.add(item);
    }
  }

  /** What an image or a PDF costs has little to do with how long its data are. */
  private isFile(block: object, source: unknown): boolean {
    if (typeof source !== 'object' || source === null) return false;
    const { type, data } = source as { readonly type?: unknown; readonly data?: unknown };
    if (type !== 'base64' && type !== 'url' && type !== 'file') return false;
    if ((block as { readonly type?: unknown }).type === 'image') this.images += 1;
    else
      this.pages +=
        typeof data === 'string' ? Math.max(1, Math.ceil(data.length / BASE64_BYTES_PER_PAGE)) : NAMED_PDF_PAGES;
    return true;
  }

  /** With the marks around it, which make short texts dearer than their letters. */
  private addText(text: string): void {
    this.bytes += bytesIn(text) + 2;
  }
}

/** Names and words are mostly short, and asking for their bytes takes longer than looking at them. */
function bytesIn(text: string): number {
  if (text.length > SHORT) return Buffer.byteLength(text);
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return Buffer.byteLength(text);
  return text.length;
}
