import { OptionReader } from '../option-reader.js';
import type { ContentScreener } from './content-screener.port.js';
import type { RedactText } from './guarded-redact-text.js';
import { redactText } from './redact-text.js';

/** What happens before a request is sent, and after its content was declined (R3, R16-R18). */
export interface ContentPolicyOptions {
  /** Takes personal data and secrets out of a text. @default e-mail, phone, card, account and IP numbers, keys */
  readonly redactText?: RedactText;
  /** Whether an entry for review holds the redacted request, beside the facts about it (R16). @default false */
  readonly keepRequest?: boolean;
  /** Whether a declined request is sent once more, with safety instructions added (R18). @default true */
  readonly reformulate?: boolean;
  /** Looks at what users wrote before it is sent (R17); `false`: none, not even the one of all features. @default none */
  readonly screener?: ContentScreener | false;
  /** Longest wait for the screener, in milliseconds, above 0; then nothing is sent. @default 5_000 */
  readonly screenTimeoutMs?: number;
  /**
   * Models that a request is sent to when its own model declines, in this order, by the SDK's
   * `betaRefusalFallbackMiddleware`. Each must take the request as it is. @default none
   */
  readonly refusalModels?: readonly string[];
}

export interface ResolvedContentPolicyOptions {
  readonly redactText: RedactText;
  readonly keepRequest: boolean;
  readonly reformulate: boolean;
  readonly screener: ContentScreener | false;
  readonly screenTimeoutMs: number;
  readonly refusalModels: readonly string[];
}

export const CONTENT_POLICY_DEFAULTS: ResolvedContentPolicyOptions = Object.freeze({
  redactText,
  keepRequest: false,
  reformulate: true,
  screener: false,
  screenTimeoutMs: 5_000,
  refusalModels: Object.freeze([]),
});

/** @param shared what all features have, where this one says nothing */
export function readContentPolicyOptions(
  path: string,
  given: unknown,
  shared: ResolvedContentPolicyOptions,
  issues: string[],
): ResolvedContentPolicyOptions {
  const read = new OptionReader(path, given, issues);
  const options: ResolvedContentPolicyOptions = {
    redactText: readHook(read, shared.redactText),
    keepRequest: read.oneOf('keepRequest', shared.keepRequest, [true, false]),
    reformulate: read.oneOf('reformulate', shared.reformulate, [true, false]),
    screener: readScreener(read, shared.screener),
    screenTimeoutMs: read.milliseconds('screenTimeoutMs', shared.screenTimeoutMs, { above: 0 }),
    refusalModels: readModels(read, shared.refusalModels),
  };
  read.done();
  return Object.freeze(options);
}

function readHook(read: OptionReader, fallback: RedactText): RedactText {
  const value = read.take('redactText');
  if (typeof value === 'function') return value as RedactText;
  if (value !== undefined) read.reject('redactText', 'a function from a text to a text', value);
  return fallback;
}

function readScreener(read: OptionReader, fallback: ContentScreener | false): ContentScreener | false {
  const value = read.take('screener');
  if (value === undefined) return fallback;
  if (value === false || typeof (value as { screen?: unknown } | null)?.screen === 'function') {
    return value as ContentScreener | false;
  }
  read.reject('screener', 'an instance of a class that extends ContentScreener, or false', value);
  return fallback;
}

function readModels(read: OptionReader, fallback: readonly string[]): readonly string[] {
  const value = read.take('refusalModels');
  if (value === undefined) return fallback;
  if (Array.isArray(value) && value.every(isModelId)) return Object.freeze([...value]);
  read.reject(
    'refusalModels',
    'a list of model ids',
    Array.isArray(value) ? value.find((id) => !isModelId(id)) : value,
  );
  return fallback;
}

const isModelId = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
