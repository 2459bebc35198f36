import { errorOf } from '../core/call-errors.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { OptionReader, show } from '../core/option-reader.js';
import { runParts, type DocumentPart, type PartsLimits } from '../core/parts/run-parts.js';
import { tooLargeFailure } from '../core/parts/too-large-failure.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ClaudeCallOptions } from './claude-call.options.js';
import { openCall } from './open-call.js';
import type { ClaudeMessages } from './claude-messages.js';
import { PartRequests, type ClaudeMessage, type PartPrompt } from './part-requests.js';

export interface ClaudeSummaryOptions extends ClaudeCallOptions {
  /**
   * The parameters for one text: the document, a part of it, or, if `part.isJoin`, the answers to its parts, which are
   * to become one. Called several times; it must only build.
   */
  readonly prompt: (text: string, part: DocumentPart) => ReturnType<PartPrompt>;
  /** Into how many parts the document may be cut; integer, 1 or more. Twice as many requests at most. @default 32 */
  readonly maxParts?: number;
  /** Requests at a time; integer, 1 or more. @default 3 */
  readonly parallel?: number;
  /** How much of its end a part shares with the next one at most, in characters; integer, 0 or more. @default 200 */
  readonly overlapCharacters?: number;
  /** Has the API count a prompt that may be too long by estimate; free, with rate limits of its own. @default false */
  readonly countFirst?: boolean;
}

export interface ClaudeSummary {
  readonly message: ClaudeMessage;
  /** The answers it was made from, those to the parts of the document first; none if the document fitted whole. */
  readonly parts: readonly ClaudeMessage[];
}

const FEATURE = 'summarisation';
const WHOLE: DocumentPart = Object.freeze({ number: 1, of: 1, isJoin: false });

/** Answers to documents of any length (R5): whole if they fit, else part by part, and joined. */
export class ClaudeSummaries {
  constructor(
    private readonly runtime: ClaudeRuntime,
    private readonly messages: ClaudeMessages,
  ) {}

  async create(document: string, given: ClaudeSummaryOptions): Promise<ClaudeSummary> {
    const { prompt, limits, countFirst, options } = readOptions(document, given);
    const { scope } = this.runtime;
    const outer = scope.current();
    const feature = options.feature ?? outer?.feature ?? FEATURE;
    const { model } = checkedParams(prompt(document, WHOLE));
    const call = openCall(this.runtime, { ...options, feature }, { model });
    outer?.handOver?.();
    const sender = new PartRequests(this.messages, call, prompt, countFirst, options);
    const { id: correlationId, deadlineAtMs, signal, locale } = call;
    const request = outer?.request ?? {};
    const result = await scope.run({ correlationId, feature, deadlineAtMs, signal, locale, request }, () =>
      runParts(document, sender, limits),
    );
    if (result.status === 'answered') return { message: result.value, parts: result.parts };
    const { reason, requests: attempts } = result;
    throw errorOf({ failure: tooLargeFailure(reason), feature, correlationId, attempts, cause: sender.lastRefusal });
  }
}

/** A prompt that is a promise, above all, would be sent as it is. */
function checkedParams(params: ReturnType<PartPrompt> | undefined): ReturnType<PartPrompt> {
  if (Array.isArray(params?.messages)) return params;
  throw new ClaudeInvalidOptionsError([`prompt: gives parameters with messages, and at once, got ${show(params)}`]);
}

/** @throws {ClaudeInvalidOptionsError} naming every bad option of the parts; those of the call are checked with it */
function readOptions(document: unknown, given: unknown) {
  const issues: string[] = [];
  const read = new OptionReader('', given, issues);
  const prompt = read.take('prompt');
  if (typeof prompt !== 'function') read.reject('prompt', 'a function that gives the parameters', prompt);
  if (typeof document !== 'string') issues.push(`document: a text, got ${typeof document}`);
  const limits: PartsLimits = {
    maxParts: read.integer('maxParts', 32, { min: 1 }),
    parallel: read.integer('parallel', 3, { min: 1 }),
    overlapCharacters: read.integer('overlapCharacters', 200, { min: 0 }),
  };
  const countFirst = read.oneOf('countFirst', false, [true, false]);
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  const {
    prompt: _1,
    maxParts: _2,
    parallel: _3,
    overlapCharacters: _4,
    countFirst: _5,
    ...options
  } = given as ClaudeSummaryOptions;
  return { prompt: prompt as PartPrompt, limits, countFirst, options: options satisfies ClaudeCallOptions };
}
