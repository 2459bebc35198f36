import type { FailureKind } from '../failure/failure.js';
import { OptionReader } from '../option-reader.js';

/** How one class of failures is retried. */
export interface RetryStrategyOptions {
  /**
   * Retries after the first attempt; integer, 0 (never) to 100. One that you give is a limit. The defaults are passed,
   * except for timeouts, as long as the feature's other calls succeed and the deadline allows.
   */
  readonly maxRetries?: number;
  /** Wait before the first retry, in milliseconds, 0 or more; doubles with each further one. */
  readonly baseDelayMs?: number;
  /** Ceiling of every wait of ours, jitter included, in milliseconds. A longer `Retry-After` is obeyed, not cut. */
  readonly maxDelayMs?: number;
  /** Each wait is longer by a random share of this, in milliseconds, so that waiting callers do not wake together. */
  readonly jitterMs?: number;
}
export interface ResolvedRetryStrategy extends Readonly<Required<RetryStrategyOptions>> {
  /** Whether `maxRetries` is passed while others succeed: nobody has named it. */
  readonly goesOn: boolean;
}

export interface RetryOptions {
  /** 429. @default 5 retries from 1 s, at most 60 s (R8, R9) */
  readonly rateLimited?: RetryStrategyOptions;
  /** 5xx other than 504 and 529. @default 3 retries from 2 s, at most 60 s (R11) */
  readonly serverError?: RetryStrategyOptions;
  /** 529. @default 3 retries from 3 s, at most 60 s (R11) */
  readonly overloaded?: RetryStrategyOptions;
  /** No answer in time. @default 1 retry at once, same timeout (R13) */
  readonly timeout?: RetryStrategyOptions;
  /** The connection or the body broke. @default 3 retries from 1 s, at most 60 s */
  readonly connection?: RetryStrategyOptions;
}
export type RetryStrategyName = keyof RetryOptions;
export type ResolvedRetryOptions = Readonly<Record<RetryStrategyName, ResolvedRetryStrategy>>;

const strategy = (maxRetries: number, baseDelayMs: number, goesOn = true): ResolvedRetryStrategy =>
  Object.freeze({ maxRetries, baseDelayMs, maxDelayMs: 60_000, jitterMs: 500, goesOn });

export const RETRY_DEFAULTS: ResolvedRetryOptions = Object.freeze({
  rateLimited: strategy(5, 1000),
  serverError: strategy(3, 2000),
  overloaded: strategy(3, 3000),
  timeout: strategy(1, 0, false),
  connection: strategy(3, 1000),
});

/** Which strategy a failure is retried by; kinds that are absent are never retried. */
export const STRATEGY_OF: Partial<Record<FailureKind, RetryStrategyName>> = Object.freeze({
  rate_limited: 'rateLimited',
  server_error: 'serverError',
  overloaded: 'overloaded',
  timeout: 'timeout',
  connection: 'connection',
});

export function readRetryOptions(
  path: string,
  given: unknown,
  defaults: ResolvedRetryOptions,
  issues: string[],
): ResolvedRetryOptions {
  const read = new OptionReader(path, given, issues);
  const resolve = (name: RetryStrategyName) => readStrategy(read.at(name), read.take(name), defaults[name], issues);
  const resolved: ResolvedRetryOptions = {
    rateLimited: resolve('rateLimited'),
    serverError: resolve('serverError'),
    overloaded: resolve('overloaded'),
    timeout: resolve('timeout'),
    connection: resolve('connection'),
  };
  read.done();
  return Object.freeze(resolved);
}

function readStrategy(
  path: string,
  given: unknown,
  defaults: ResolvedRetryStrategy,
  issues: string[],
): ResolvedRetryStrategy {
  const read = new OptionReader(path, given, issues);
  const resolved: ResolvedRetryStrategy = {
    maxRetries: read.integer('maxRetries', defaults.maxRetries, { min: 0, max: 100 }),
    baseDelayMs: read.milliseconds('baseDelayMs', defaults.baseDelayMs),
    maxDelayMs: read.milliseconds('maxDelayMs', defaults.maxDelayMs),
    jitterMs: read.milliseconds('jitterMs', defaults.jitterMs),
    goesOn: defaults.goesOn && read.take('maxRetries') === undefined,
  };
  read.done();
  return Object.freeze(resolved);
}
