import type { MeteredReply, Target } from '../core/call.js';
import { meterMessage } from './metered-usage.js';

/**
 * Characters a token of the answer, for what was said before a stream broke: as for prompts, a low guess, so that there
 * are rather too many tokens.
 */
const CHARACTERS_PER_TOKEN = 3;

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a stream took, from its events: split, tier, speed and place are told at its start, final counts at its end, and
 * what the end leaves out was said at the start. A stream that breaks off is billed for what it said until then, which
 * nobody counts: that is estimated.
 */
export class StreamMeter {
  #start: Fields | undefined;
  #isBegun = false;
  #usage: Fields = {};
  #end: Fields | undefined;
  readonly #content: unknown[] = [];
  #characters = 0;

  constructor(private readonly asked: Pick<Target, 'model' | 'platform'>) {}

  observe(event: unknown): void {
    const fields = fieldsOf(event);
    const { type } = fields;
    if (type === 'ping') return;
    this.#isBegun = true;
    switch (type) {
      case 'content_block_delta':
        return this.piece(fields);
      case 'message_start':
        this.#start = fieldsOf(fields['message']);
        this.#usage = fieldsOf(this.#start['usage']);
        return;
      case 'content_block_start':
        this.#content.push(fields['content_block']);
        return;
      case 'message_delta':
        return this.#said(fields);
      default:
    }
  }

  /** The same for a `content_block_delta` alone. */
  piece(event: unknown): void {
    this.#characters += charactersOf(fieldsOf(event)['delta']);
  }

  /** `undefined` as long as nothing came. */
  read(): MeteredReply | undefined {
    if (!this.#isBegun) return undefined;
    const message = { ...this.#start, usage: this.#usage, content: this.#content, ...this.#end };
    const { model, usage } = meterMessage(message, this.asked);
    if (usage === undefined || this.#end !== undefined) return { model, usage };
    const outputTokens = Math.max(usage.outputTokens, Math.ceil(this.#characters / CHARACTERS_PER_TOKEN));
    return { model, usage: { ...usage, outputTokens, isEstimated: true } };
  }

  /** Counts are those of the whole message so far: they replace what was known, and are not added to it. */
  #said(event: Fields): void {
    const told = Object.entries(fieldsOf(event['usage'])).filter(([, value]) => value !== null && value !== undefined);
    this.#usage = { ...this.#usage, ...Object.fromEntries(told) };
    const { stop_reason: reason, stop_details: details } = fieldsOf(event['delta']);
    if (typeof reason === 'string') this.#end = { stop_reason: reason, stop_details: details };
  }
}

function charactersOf(delta: unknown): number {
  const { text, thinking, partial_json: json } = fieldsOf(delta);
  return lengthOf(text) + lengthOf(thinking) + lengthOf(json);
}

function lengthOf(said: unknown): number {
  return typeof said === 'string' ? said.length : 0;
}

const NO_FIELDS: Fields = Object.freeze({});

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : NO_FIELDS;
}
