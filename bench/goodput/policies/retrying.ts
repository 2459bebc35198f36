import type { World } from '../policy.js';
import type { SimulatedCall } from '../simulated-call.js';
import type { ClassicBreaker } from './classic-breaker.js';
import { sendOnce } from './send-once.js';

/** Retries by count, as most clients do them. */
export interface RetryPlan {
  readonly maxRetries: number;
  /** Milliseconds before retry `retry` (from 0), where no `Retry-After` says more. */
  delayMs(retry: number, random: number): number;
  readonly breaker?: ClassicBreaker;
}

/**
 * Makes attempts until one is answered, the plan is at its end, or `untilMs` is over.
 *
 * @param failed called when nothing was answered, after the last attempt
 */
export function tryRepeatedly(
  world: World,
  plan: RetryPlan,
  call: SimulatedCall,
  untilMs: number,
  answered: () => void,
  failed: () => void,
): void {
  const { clock, random } = world;
  const attempt = (retries: number): void => {
    const permit = plan.breaker?.admit();
    if (permit === 'refused') return failed();
    sendOnce(world, untilMs, (end) => {
      if (permit !== undefined) plan.breaker?.record(permit, end.kind);
      if (end.kind === 'answered') {
        call.answered(end.sentAtMs, clock.nowMs());
        return answered();
      }
      const delayMs = Math.max(end.retryAfterMs ?? 0, plan.delayMs(retries, random.next()));
      if (retries >= plan.maxRetries || clock.nowMs() + delayMs >= untilMs) return failed();
      clock.after(delayMs, () => attempt(retries + 1));
    });
  };
  attempt(0);
}
