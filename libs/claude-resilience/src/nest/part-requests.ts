import { estimateTokens } from '../anthropic/models/estimate-tokens.js';
import { rulesOf } from '../anthropic/models/model-rules.js';
import { ClaudeCallError } from '../core/call-error.js';
import { errorOf } from '../core/call-errors.js';
import type { ClaudeCall } from '../core/call.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import type { Excess } from '../core/parts/excess.js';
import { bytesOver, MAX_REQUEST_BYTES } from '../core/parts/request-bytes.js';
import type { DocumentPart, PartReply, PartSender } from '../core/parts/run-parts.js';
import { roomIn, toldExcess } from '../core/parts/told-excess.js';
import type { ClaudeCallOptions } from './claude-call.options.js';
import type { ClaudeCountTokensParams, ClaudeMessageParams, ClaudeMessages } from './claude-messages.js';

export type ClaudeMessage = Awaited<ReturnType<ClaudeMessages['create']>>;
export type PartPrompt = (text: string, part: DocumentPart) => ClaudeMessageParams;

/** The estimate is high for plain text: below this many windows, asking the API is surer. */
const CLEARLY_OVER = 1.5;

/** Sends each part of a document as a call of its own; the scope around them has the deadline of all. */
export class PartRequests implements PartSender<ClaudeMessage> {
  #lastRefusal: unknown;

  constructor(
    private readonly messages: ClaudeMessages,
    private readonly call: ClaudeCall,
    private readonly prompt: PartPrompt,
    private readonly countFirst: boolean,
    private readonly options: ClaudeCallOptions,
  ) {}

  /** What the API last found too large, as an error; `undefined` when it was never asked. */
  get lastRefusal(): unknown {
    return this.#lastRefusal;
  }

  excessOf(text: string, part: DocumentPart): Excess | undefined {
    const params = this.prompt(text, part);
    const got = bytesOver(params, MAX_REQUEST_BYTES);
    if (got !== undefined) return { by: 'bytes', got, allowed: MAX_REQUEST_BYTES };
    return this.countFirst ? undefined : this.#estimated(params, CLEARLY_OVER);
  }

  async send(text: string, part: DocumentPart, signal: AbortSignal): Promise<PartReply<ClaudeMessage>> {
    const params = this.prompt(text, part);
    // A part alone is of no use to anybody later.
    const isPart = part.of > 1 || part.isJoin;
    const options = { ...this.options, feature: this.call.feature, signal, ...(isPart && { defer: false }) };
    const counted = this.countFirst ? await this.#counted(params, options) : undefined;
    if (counted !== undefined) return { status: 'too_large', excess: counted };
    try {
      return this.#read(await this.messages.create(params, options), part);
    } catch (error) {
      return { status: 'too_large', excess: this.#excessIn(error, params) };
    }
  }

  #read(value: ClaudeMessage, part: DocumentPart): PartReply<ClaudeMessage> {
    if (value.stop_reason === 'model_context_window_exceeded')
      return { status: 'too_large', excess: { by: 'unknown' } };
    const text = value.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    // Part of the document would be missing from the answer, and nobody would know.
    if (part.of > 1 && text.trim() === '') throw this.#emptyPart();
    return { status: 'answered', value, text };
  }

  #estimated(params: ClaudeMessageParams, windows: number): Excess | undefined {
    const model = params.model ?? this.call.model;
    const rules = model === undefined ? undefined : rulesOf(model);
    if (model === undefined || rules === undefined) return undefined;
    const got = estimateTokens({ ...params, model });
    if (got <= rules.contextTokens * windows) return undefined;
    return { by: 'tokens', got, allowed: roomIn(rules.contextTokens, params.max_tokens) };
  }

  /** Counts only what may be too long. A count that fails tells nothing: the request itself will. */
  async #counted(params: ClaudeMessageParams, options: ClaudeCallOptions): Promise<Excess | undefined> {
    const estimated = this.#estimated(params, 1);
    if (estimated === undefined || estimated.by === 'unknown') return undefined;
    try {
      const { input_tokens: got } = await this.messages.countTokens(countable(params), options);
      return got > estimated.allowed ? { ...estimated, got } : undefined;
    } catch (error) {
      return isTooLarge(error) ? this.#excessIn(error, params) : undefined;
    }
  }

  /** @throws what says something else */
  #excessIn(error: unknown, params: ClaudeMessageParams): Excess {
    if (!isTooLarge(error)) throw error;
    this.#lastRefusal = error.revealCause();
    const says = (this.#lastRefusal as { readonly message?: unknown } | undefined)?.message;
    return toldExcess(typeof says === 'string' ? says : undefined, params.max_tokens);
  }

  #emptyPart(): ClaudeCallError {
    const failure = { ...diagnoseFailure({ from: 'body', problem: 'not_json' }, 0), rule: 'part_without_text' };
    return errorOf({ failure, feature: this.call.feature, correlationId: this.call.id, attempts: 1 });
  }
}

function isTooLarge(error: unknown): error is ClaudeCallError {
  return error instanceof ClaudeCallError && error.kind === 'too_large';
}

function countable({ model, messages, system, tools, tool_choice, thinking }: ClaudeMessageParams) {
  const given = { model, messages, system, tools, tool_choice, thinking };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as unknown as ClaudeCountTokensParams;
}
