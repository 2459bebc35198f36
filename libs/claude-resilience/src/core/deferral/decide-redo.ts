import type { Failure } from '../failure/failure.js';

/** What follows when a deferred request could not be answered. */
export type RedoDecision =
  /** Handed back as if it had not been started; its feature is left alone for a while. */
  | { readonly next: 'hold'; readonly holdMs: number }
  | { readonly next: 'again'; readonly inMs: number }
  | { readonly next: 'dead' };

export interface RedoSituation {
  /** Times it was started, this one included. */
  readonly attempts: number;
  readonly maxAttempts: number;
  /** Whether the API has answered: then it is the application's own part that failed. */
  readonly hasAnswer: boolean;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** Doubles with every further time, in milliseconds. The call itself has retried already, sooner. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 600_000;
/** Those who come back together are spread over a quarter of the wait. */
const SPREAD = 0.25;
/** When nobody says how long nothing will be sent, in milliseconds. */
const USUAL_HOLD_MS = 1_000;
const LEAST_HOLD_MS = 100;
const LONGEST_HOLD_MS = 60_000;

/**
 * Decides what becomes of a deferred request that failed (R10). What was not sent (an open circuit, a stopped account, no
 * turn in time) was no try; but whatever ran inside the application was one, or nothing would ever end it. What fails as such, whoever sends it, becomes a dead letter at once; all else is tried again,
 * ever later, until it has been started `maxAttempts` times or its own time is over.
 */
export function decideRedo(failure: Failure, situation: RedoSituation): RedoDecision {
  const { attempts, maxAttempts, hasAnswer, random } = situation;
  if (!hasAnswer && wasHeldUp(failure)) {
    const wantedMs = failure.retryAfterMs ?? USUAL_HOLD_MS;
    return { next: 'hold', holdMs: Math.min(Math.max(wantedMs, LEAST_HOLD_MS), LONGEST_HOLD_MS) };
  }
  if (!failure.retryable || attempts >= maxAttempts) return { next: 'dead' };
  const grownMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 30));
  const waitMs = Math.max(grownMs, failure.retryAfterMs ?? 0);
  return { next: 'again', inMs: Math.round(waitMs * (1 + SPREAD * random)) };
}

/** Whether nothing of its kind is sent at present. */
function wasHeldUp({ kind, isHeld, stopsAccount }: Failure): boolean {
  return kind === 'circuit_open' || isHeld === true || stopsAccount === true;
}
