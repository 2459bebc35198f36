import { readAccountOptions, type AccountSetting, type ResolvedAccountOptions } from './account/account.options.js';
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
  CONTENT_POLICY_DEFAULTS,
  readContentPolicyOptions,
  type ContentPolicyOptions,
  type ResolvedContentPolicyOptions,
} from './content/content-policy.options.js';
import { ClaudeInvalidOptionsError } from './errors.js';
import { DEGRADABLE_KINDS } from './fallback/degradable-kinds.js';
import type { ClaudeFallbackHandler } from './fallback/fallback.port.js';
import { FAILURE_KINDS, type FailureKind } from './failure/failure.js';
import { OptionReader, show } from './option-reader.js';
import { readPacingOptions, type PacingOptions, type ResolvedPacingOptions } from './pacing/pacing.options.js';
import {
  readRetryBudgetOptions,
  type ResolvedRetryBudgetOptions,
  type RetryBudgetOptions,
} from './retry/retry-budget.options.js';
import { OWN_PLATFORM, readModels, type ModelChoice, type ResolvedModelChoice } from './route/model-choice.js';
import { readStreamOptions, type ResolvedStreamOptions, type StreamOptions } from './stream/stream.options.js';
import {
  readRetryOptions,
  RETRY_DEFAULTS,
  type ResolvedRetryOptions,
  type RetryOptions,
} from './retry/retry.options.js';
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
  /** Failures that are answered by the fallback, if the feature has one. @default all but those the caller must mend */
  readonly fallbackOn?: readonly FailureKind[];
}

export interface ResilienceOptions extends CallDefaults {
  /**
   * What follows when an account is refused as such (key, payment, spend limit): its calls are held back but for a probe
   * now and then. `false`: every call is sent.
   */
  readonly account?: AccountSetting;
  /** What retries may add to the load where nobody paces the requests; `false`: there is no bound. */
  readonly retryBudget?: RetryBudgetOptions | false;
  /** How attempts are spaced, so that rate limits are not met; `false`: they are not. */
  readonly pacing?: PacingOptions | false;
  /** The product features that call Claude, by name. `summarisation`, `classification` and `generation` always exist. */
  readonly features?: Readonly<Record<string, FeatureOptions>>;
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
  readonly contentPolicy: ResolvedContentPolicyOptions;
}

export interface ResolvedOptions {
  readonly features: readonly ResolvedFeature[];
  readonly defaults: ResolvedDefaults;
  readonly account: ResolvedAccountOptions | false;
  readonly pacing: ResolvedPacingOptions | false;
  readonly retryBudget: ResolvedRetryBudgetOptions | false;
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

/** The feature of calls that name none. It has a circuit like the others, and no fallback. */
export const DEFAULT_FEATURE = 'default';
/** Features that exist without being declared: those with a built-in fallback, and the one of calls that name none. */
export const BUILT_IN_FEATURES: readonly string[] = ['summarisation', 'classification', 'generation', DEFAULT_FEATURE];

const TIMEOUT_MS = 60_000;
const DEADLINE_MS = 120_000;
/** Lower-case words: names become metric labels and parts of URLs. */
const FEATURE_NAME = /^[a-z][a-z0-9]*([._-][a-z0-9]+)*$/;

/** The one door from user input to settings. Adds what is wrong to `issues`; the result is frozen. */
export function readResilienceOptions(
  read: OptionReader,
  issues: string[],
  platforms: readonly string[] = [OWN_PLATFORM],
): ResolvedOptions {
  const timeoutMs = read.milliseconds('timeoutMs', TIMEOUT_MS, { above: 0 });
  const circuit = read.take('circuit');
  const circuitIssues: string[] = [];
  readCircuitOptions('circuit', circuit, timeoutMs, circuitIssues);
  issues.push(...circuitIssues);
  const defaults: ResolvedDefaults = Object.freeze({
    timeoutMs,
    ...readTimeoutOptions(read, timeoutMs),
    deadlineMs: read.milliseconds('deadlineMs', DEADLINE_MS, { above: 0 }),
    retry: readRetryOptions('retry', read.take('retry'), RETRY_DEFAULTS, issues),
    contentPolicy: readContentPolicyOptions(
      'contentPolicy',
      read.take('contentPolicy'),
      CONTENT_POLICY_DEFAULTS,
      issues,
    ),
    stream: readSharedStream(read, timeoutMs, issues),
    platforms: Object.freeze([...platforms]),
    // What is wrong with it has been said; it is not said again for every feature.
    circuit: circuitIssues.length === 0 ? circuit : undefined,
  });
  const given = asRecord('features', read.take('features'), issues);
  const names = new Set([...BUILT_IN_FEATURES, ...Object.keys(given)]);
  const features = [...names].map((name) => readFeature(`features.${name}`, name, given[name], defaults, issues));
  const account = readAccountOptions('account', read.take('account'), issues);
  const pacing = readPacingOptions('pacing', read.take('pacing'), issues);
  const retryBudget = readRetryBudgetOptions('retryBudget', read.take('retryBudget'), issues);
  return Object.freeze({ features: Object.freeze(features), defaults, account, pacing, retryBudget });
}

/** @throws {ClaudeInvalidOptionsError} naming every bad field of features declared with `forFeature` */
export function resolveFeatures(given: unknown, defaults: ResolvedDefaults): readonly ResolvedFeature[] {
  const issues: string[] = [];
  const features = Object.entries(asRecord('forFeature', given, issues)).map(([name, options]) =>
    readFeature(name, name, options, defaults, issues),
  );
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return features;
}

function readFeature(
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
    fallbackOn: new Set(
      readList(read, 'fallbackOn', `kinds of failures (${FAILURE_KINDS.join(', ')})`, isFailureKind) ??
        DEGRADABLE_KINDS,
    ),
  };
  read.done();
  return Object.freeze(feature);
}

function readSharedStream(read: OptionReader, timeoutMs: number, issues: string[]): Partial<ResolvedStreamOptions> {
  const given = read.take('stream');
  const { firstEventMs, ...rest } = readStreamOptions('stream', given, {}, timeoutMs, issues);
  const isGiven = typeof given === 'object' && given !== null && 'firstEventMs' in given;
  return Object.freeze(isGiven ? { firstEventMs, ...rest } : rest);
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

function asRecord(path: string, value: unknown, issues: string[]): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  issues.push(`${path}: an object of features by name, got ${show(value)}`);
  return {};
}

const isFailureKind = (value: unknown): value is FailureKind => FAILURE_KINDS.includes(value as FailureKind);
