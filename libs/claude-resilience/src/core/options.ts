import { readAccountOptions, type AccountSetting, type ResolvedAccountOptions } from './account/account.options.js';
import { readCostOptions, type CostOptions, type ResolvedCostOptions } from './cost/cost.options.js';
import { readCircuitOptions } from './circuit/circuit.options.js';
import { CONTENT_POLICY_DEFAULTS, readContentPolicyOptions } from './content/content-policy.options.js';
import type { OptionReader } from './option-reader.js';
import { readPacingOptions, type PacingOptions, type ResolvedPacingOptions } from './pacing/pacing.options.js';
import {
  readRetryBudgetOptions,
  type ResolvedRetryBudgetOptions,
  type RetryBudgetOptions,
} from './retry/retry-budget.options.js';
import { OWN_PLATFORM } from './route/model-choice.js';
import { readStreamOptions, type ResolvedStreamOptions } from './stream/stream.options.js';
import { readRetryOptions, RETRY_DEFAULTS } from './retry/retry.options.js';
import { readTimeoutOptions } from './timeout/timeout.options.js';

import {
  asRecord,
  readFeature,
  type CallDefaults,
  type FeatureOptions,
  type ResolvedDefaults,
  type ResolvedFeature,
} from './feature.options.js';

export {
  resolveFeatures,
  type FallbackClass,
  type FeatureOptions,
  type ResolvedDefaults,
  type ResolvedFeature,
} from './feature.options.js';

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
  /** Prices, and what may be spent (R34). */
  readonly cost?: CostOptions;
  /** The product features that call Claude, by name. `summarisation`, `classification` and `generation` always exist. */
  readonly features?: Readonly<Record<string, FeatureOptions>>;
}

export interface ResolvedOptions {
  readonly features: readonly ResolvedFeature[];
  readonly defaults: ResolvedDefaults;
  readonly account: ResolvedAccountOptions | false;
  readonly pacing: ResolvedPacingOptions | false;
  readonly retryBudget: ResolvedRetryBudgetOptions | false;
  readonly cost: ResolvedCostOptions;
}

/** The feature of calls that name none. It has a circuit like the others, and no fallback. */
export const DEFAULT_FEATURE = 'default';

/** Features that exist without being declared: those with a built-in fallback, and the one of calls that name none. */
export const BUILT_IN_FEATURES: readonly string[] = ['summarisation', 'classification', 'generation', DEFAULT_FEATURE];

const TIMEOUT_MS = 60_000;

const DEADLINE_MS = 120_000;

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
  const cost = readCostOptions('cost', read.take('cost'), issues);
  return Object.freeze({ features: Object.freeze(features), defaults, account, pacing, retryBudget, cost });
}

function readSharedStream(read: OptionReader, timeoutMs: number, issues: string[]): Partial<ResolvedStreamOptions> {
  const given = read.take('stream');
  const { firstEventMs, ...rest } = readStreamOptions('stream', given, {}, timeoutMs, issues);
  const isGiven = typeof given === 'object' && given !== null && 'firstEventMs' in given;
  return Object.freeze(isGiven ? { firstEventMs, ...rest } : rest);
}
