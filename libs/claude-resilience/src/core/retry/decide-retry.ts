import type { Failure } from '../failure/failure.js';
import { STRATEGY_OF, type ResolvedRetryOptions, type ResolvedRetryStrategy } from './retry.options.js';

export type RetryDecision =
  | { readonly retry: true; readonly delayMs: number }
  | { readonly retry: false; readonly reason: 'not_retryable' | 'exhausted' | 'deadline' | 'circuit_open' };

/** What the decision depends on besides the failure and the rules. */
export interface RetrySituation {
  /** Retries already made for this class of failure, from 0. */
  readonly retriesMade: number;
  /** Milliseconds to the deadline of the call. */
  readonly timeLeftMs: number;
  /** Milliseconds for which the circuit will refuse; 0 when it lets calls pass. */
  readonly circuitOpenForMs: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/**
 * Decides what follows a failed attempt (R8-R14): the wait the API asked for, else `base * 2^n`; plus jitter, which
 * only ever lengthens; and no wait that cannot end before the deadline, or that would end at a closed door.
 */
export function decideRetry(failure: Failure, situation: RetrySituation, options: ResolvedRetryOptions): RetryDecision {
  const strategyName = STRATEGY_OF[failure.kind];
  if (!failure.retryable || failure.isFinal === true || strategyName === undefined)
    return { retry: false, reason: 'not_retryable' };
  const strategy = options[strategyName];
  if (situation.retriesMade >= strategy.maxRetries) return { retry: false, reason: 'exhausted' };
  const delayMs = delayOf(failure, situation, strategy);
  if (delayMs >= situation.timeLeftMs) return { retry: false, reason: 'deadline' };
  if (delayMs < situation.circuitOpenForMs) return { retry: false, reason: 'circuit_open' };
  return { retry: true, delayMs };
}

function delayOf(failure: Failure, { retriesMade, random }: RetrySituation, strategy: ResolvedRetryStrategy): number {
  const jitterMs = random * strategy.jitterMs;
  // A 429 names the moment its window reopens: exactly that, not our guess. Elsewhere the hint is a lower bound.
  if (failure.kind === 'rate_limited' && failure.retryAfterMs !== undefined) return failure.retryAfterMs + jitterMs;
  // The power is finite, so that a base of 0 stays 0.
  const grownMs = strategy.baseDelayMs * 2 ** Math.min(retriesMade, 1000);
  const backoffMs = Math.min(strategy.maxDelayMs, grownMs + jitterMs);
  return Math.max(backoffMs, failure.retryAfterMs === undefined ? 0 : failure.retryAfterMs + jitterMs);
}
