import {
  readAdaptTimeoutOptions,
  type AdaptTimeoutOptions,
  type ResolvedAdaptTimeoutOptions,
} from './advice/adapt-timeout.options.js';
import { CALL_PRIORITIES, type CallPriority } from './call.js';
import {
  mergeCircuitSettings,
  readCircuitOptions,
  type CircuitSetting,
  type ResolvedCircuitOptions,
} from './circuit/circuit.options.js';
import {
  readContentPolicyOptions,
  type ContentPolicyOptions,
  type ResolvedContentPolicyOptions,
} from './content/content-policy.options.js';
import { BATCH_WISHES, type BatchWish } from './deferral/batch/batch.options.js';
import { DEFERRED_KINDS, QUEUEABLE_KINDS } from './deferral/deferrable-kinds.js';
import { ClaudeInvalidOptionsError } from './errors.js';
import { DEGRADABLE_KINDS } from './fallback/degradable-kinds.js';
import type { ClaudeFallbackHandler } from './fallback/fallback.port.js';
import { FAILURE_KINDS, type FailureKind } from './failure/failure.js';
import { OptionReader, show } from './option-reader.js';
import { readModels, type ModelChoice, type ResolvedModelChoice } from './route/model-choice.js';
import { readStreamOptions, type ResolvedStreamOptions, type StreamOptions } from './stream/stream.options.js';
import { readRetryOptions, type ResolvedRetryOptions, type RetryOptions } from './retry/retry.options.js';
import { readTimeoutOptions, type ResolvedTimeoutOptions, type TimeoutOptions } from './timeout/timeout.options.js';

/** What may be set for all features at once, and again for one. */
export interface CallDefaults extends TimeoutOptions {
  /** Longest time for one attempt, headers and body, in milliseconds, above 0. @default 60_000 */
  readonly timeoutMs?: number;
  /** Longest time for one call with all its attempts and waits, in milliseconds, above 0. @default 120_000 (R14) */
  readonly deadlineMs?: number;
  /** How each class of failures is retried (R8-R13). */
  readonly retry?: RetryOptions;
  /** How long streams may take, and what follows when one breaks. */
  readonly stream?: StreamOptions;
  /** What happens before a request is sent, and after its content was declined (R16-R18). */
  readonly contentPolicy?: ContentPolicyOptions;
  /** When calls stop being sent, and when they start again (R19-R22); `'adaptive'`, `'classic'`, or `false` for none. */
  readonly circuit?: CircuitSetting;
}

export interface FeatureOptions extends CallDefaults {
  /**
   * Models of this feature, the first choice first: it is used by calls that name none, the others, in order, where one is
   * overloaded, unknown or not permitted, or at its rate limit. One that is on another platform says so.
   */
  readonly models?: readonly ModelChoice[];
  /**
   * Lets attempts of later calls take longer, step by step, while timeouts recur under `timeoutMs` (R13); a call that names
   * a `timeoutMs` of its own keeps it. `deadlineMs` ends calls as ever. @default off
   */
  readonly adaptTimeout?: AdaptTimeoutOptions | false;
  /** Who goes first when not everybody can. @default 'normal' */
  readonly priority?: CallPriority;
  /** Class of this feature's fallback; `false`: none, not even a built-in one. @default the provider marked for it */
  readonly fallback?: FallbackClass | false;
  /**
   * Failures that put a call into the queue instead of ending it, if there is one (R10); `true`: rate limits; `false`: none.
   * It comes before the fallback. @default true
   */
  readonly defer?: boolean | readonly FailureKind[];
  /** When its background requests leave the queue by batch, if batches are on (R12). @default the queue's `batch.when` */
  readonly batch?: BatchWish;
  /** Failures that are answered by the fallback, if the feature has one. @default all but those the caller must mend */
  readonly fallbackOn?: readonly FailureKind[];
}

/** A class of fallbacks; who builds it gives it what its constructor asks for. */
export type FallbackClass = abstract new (...dependencies: never[]) => ClaudeFallbackHandler;

export interface ResolvedFeature extends ResolvedTimeoutOptions {
  readonly name: string;
  /** Whether somebody configured it; built-in features exist without. */
  readonly isDeclared: boolean;
  readonly fallback: FallbackClass | false | undefined;
  readonly models: readonly ResolvedModelChoice[];
  readonly priority: CallPriority;
  readonly timeoutMs: number;
  /** Absent where it is not allowed. */
  readonly adaptTimeout?: ResolvedAdaptTimeoutOptions | undefined;
  readonly deadlineMs: number;
  readonly retry: ResolvedRetryOptions;
  readonly circuit: ResolvedCircuitOptions;
  readonly stream: ResolvedStreamOptions;
  readonly fallbackOn: ReadonlySet<FailureKind>;
  readonly deferOn: ReadonlySet<FailureKind>;
  /** Absent where it is left to the queue. */
  readonly batch?: BatchWish | undefined;
  readonly contentPolicy: ResolvedContentPolicyOptions;
}

/** Defaults that a feature declared later (`forFeature`) starts from. */
export interface ResolvedDefaults extends ResolvedTimeoutOptions {
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly retry: ResolvedRetryOptions;
  readonly contentPolicy: ResolvedContentPolicyOptions;
  /** As far as given; the rest follows from the feature's timeout. */
  readonly stream: Partial<ResolvedStreamOptions>;
  /** Names of the clients that models can be asked through. */
  readonly platforms: readonly string[];
  /** As given; a feature's own adds to it, and both are read with the feature's timeout. */
  readonly circuit: unknown;
}

/** Lower-case words: names become metric labels and parts of URLs. */
const FEATURE_NAME = /^[a-z][a-z0-9]*([._-][a-z0-9]+)*$/;

/** @throws {ClaudeInvalidOptionsError} naming every bad field of features declared with `forFeature` */
export function resolveFeatures(given: unknown, defaults: ResolvedDefaults): readonly ResolvedFeature[] {
  const issues: string[] = [];
  const features = Object.entries(asRecord('forFeature', given, issues)).map(([name, options]) =>
    readFeature(name, name, options, defaults, issues),
  );
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return features;
}

export function readFeature(
  path: string,
  name: string,
  given: unknown,
  defaults: ResolvedDefaults,
  issues: string[],
): ResolvedFeature {
  if (!FEATURE_NAME.test(name))
    issues.push(`${path}: a name of lower-case words, digits, "-", "_" and ".", got ${show(name)}`);
  const read = new OptionReader(path, given, issues);
  const timeoutMs = read.milliseconds('timeoutMs', defaults.timeoutMs, { above: 0 });
  const feature: ResolvedFeature = {
    name,
    isDeclared: given !== undefined,
    fallback: readFallback(read),
    models: readModels(read, defaults.platforms),
    priority: read.oneOf('priority', 'normal', CALL_PRIORITIES),
    timeoutMs,
    ...readTimeoutOptions(read, timeoutMs, defaults),
    adaptTimeout: readAdaptTimeoutOptions(read.at('adaptTimeout'), read.take('adaptTimeout'), timeoutMs, issues),
    deadlineMs: read.milliseconds('deadlineMs', defaults.deadlineMs, { above: 0 }),
    retry: readRetryOptions(read.at('retry'), read.take('retry'), defaults.retry, issues),
    contentPolicy: readContentPolicyOptions(
      read.at('contentPolicy'),
      read.take('contentPolicy'),
      defaults.contentPolicy,
      issues,
    ),
    stream: readStreamOptions(read.at('stream'), read.take('stream'), defaults.stream, timeoutMs, issues),
    circuit: readCircuitOptions(
      read.at('circuit'),
      mergeCircuitSettings(defaults.circuit, read.take('circuit')),
      timeoutMs,
      issues,
    ),
    deferOn: readDefer(read),
    batch: read.oneOf<BatchWish | ''>('batch', '', BATCH_WISHES) || undefined,
    fallbackOn: new Set(
      readList(read, 'fallbackOn', `kinds of failures (${FAILURE_KINDS.join(', ')})`, isFailureKind) ??
        DEGRADABLE_KINDS,
    ),
  };
  read.done();
  return Object.freeze(feature);
}

function readDefer(read: OptionReader): ReadonlySet<FailureKind> {
  const value = read.take('defer');
  if (value === undefined || value === true) return DEFERRED_KINDS;
  if (value === false) return new Set();
  const noun = `kinds of failures that waiting can heal (${QUEUEABLE_KINDS.join(', ')}), true or false`;
  return new Set(readList(read, 'defer', noun, isQueueable) ?? DEFERRED_KINDS);
}

function readFallback(read: OptionReader): FallbackClass | false | undefined {
  const value = read.take('fallback');
  if (value === undefined || value === false) return value;
  const isHandler = typeof value === 'function' && typeof value.prototype?.answer === 'function';
  if (isHandler) return value as unknown as FallbackClass;
  read.reject('fallback', 'a class that extends ClaudeFallbackHandler, or false', value);
  return undefined;
}

function readList<T>(
  read: OptionReader,
  name: string,
  noun: string,
  isItem: (value: unknown) => value is T,
): readonly T[] | undefined {
  const value = read.take(name);
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every(isItem)) return Object.freeze([...value]);
  const wrong = Array.isArray(value) ? value.find((item) => !isItem(item)) : value;
  read.reject(name, `a list of ${noun}`, wrong);
  return undefined;
}

export function asRecord(path: string, value: unknown, issues: string[]): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  issues.push(`${path}: an object of features by name, got ${show(value)}`);
  return {};
}

const isQueueable = (value: unknown): value is FailureKind => QUEUEABLE_KINDS.includes(value as FailureKind);
const isFailureKind = (value: unknown): value is FailureKind => FAILURE_KINDS.includes(value as FailureKind);
