import type { Failure } from '../failure/failure.js';
import { STRATEGY_OF, type ResolvedRetryOptions, type ResolvedRetryStrategy } from './retry.options.js';

export type RetryDecision =
  | { readonly retry: true; readonly delayMs: number }
  | { readonly retry: false; readonly reason: NoRetryReason };

/** Repeating cannot help, was tried often enough, would end too late, or at a closed door. */
export type NoRetryReason = 'not_retryable' | 'exhausted' | 'deadline' | 'circuit_open';

/** What the decision depends on besides the failure and the rules. */
export interface RetrySituation {
  /** Retries already made for this class of failure, from 0. */
  readonly retriesMade: number;
  /** Milliseconds to the deadline of the call. */
  readonly timeLeftMs: number;
  /** Milliseconds for which the circuit will refuse; 0 when it lets calls pass. */
  readonly circuitOpenForMs: number;
  /** Whether calls like this one succeed at present: then it is worth trying on. */
  readonly othersSucceed: boolean;
  /** Whether to wait for a circuit that is open: nobody else can answer. */
  readonly sitsOut: boolean;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** Those who wait for a circuit do not come back together, in milliseconds. */
const SIT_OUT_JITTER_MS = 500;
/** They look again so often: people may let go of a circuit, or reset it, long before it said. */
const LONGEST_SLEEP_MS = 5_000;

/**
 * Decides what follows a failed attempt (R8-R14): the wait the API asked for, else `base * 2^n`; plus jitter, which
 * only ever lengthens; and no wait that cannot end before the deadline, or that would end at a closed door. Beyond the
 * count, waits grow no more.
 */
export function decideRetry(failure: Failure, situation: RetrySituation, options: ResolvedRetryOptions): RetryDecision {
  if (failure.kind === 'circuit_open' && situation.sitsOut)
    return sitOut(Math.max(failure.retryAfterMs ?? 0, situation.circuitOpenForMs), 0, situation);
  const strategyName = STRATEGY_OF[failure.kind];
  if (!failure.retryable || failure.isFinal === true || strategyName === undefined)
    return { retry: false, reason: 'not_retryable' };
  const strategy = options[strategyName];
  const isExhausted = situation.retriesMade >= strategy.maxRetries;
  if (isExhausted && !(strategy.goesOn && situation.othersSucceed)) return { retry: false, reason: 'exhausted' };
  const delayMs = delayOf(failure, situation, strategy);
  if (delayMs >= situation.timeLeftMs) return { retry: false, reason: 'deadline' };
  if (delayMs < situation.circuitOpenForMs) return sitOut(situation.circuitOpenForMs, delayMs, situation);
  return { retry: true, delayMs };
}

/** Waits for the circuit, where nobody else can answer and the deadline allows. @param leastMs what the failure itself asks for */
function sitOut(openForMs: number, leastMs: number, { sitsOut, timeLeftMs, random }: RetrySituation): RetryDecision {
  const jitterMs = random * SIT_OUT_JITTER_MS;
  if (!sitsOut || openForMs + jitterMs >= timeLeftMs) return { retry: false, reason: 'circuit_open' };
  return { retry: true, delayMs: Math.max(leastMs, Math.min(openForMs, LONGEST_SLEEP_MS)) + jitterMs };
}

function delayOf(failure: Failure, { retriesMade, random }: RetrySituation, strategy: ResolvedRetryStrategy): number {
  const jitterMs = random * strategy.jitterMs;
  // A 429 names the moment its window reopens: exactly that, not our guess. Elsewhere the hint is a lower bound.
  if (failure.kind === 'rate_limited' && failure.retryAfterMs !== undefined) return failure.retryAfterMs + jitterMs;
  // The power is finite, so that a base of 0 stays 0.
  const doublings = strategy.goesOn ? Math.min(retriesMade, Math.max(0, strategy.maxRetries - 1)) : retriesMade;
  const grownMs = strategy.baseDelayMs * 2 ** Math.min(doublings, 1000);
  const backoffMs = Math.min(strategy.maxDelayMs, grownMs + jitterMs);
  return Math.max(backoffMs, failure.retryAfterMs === undefined ? 0 : failure.retryAfterMs + jitterMs);
}
