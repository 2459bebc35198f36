import { ATTEMPT_TIMEOUT_MS } from '../scenario.js';
import type { World } from '../policy.js';

/** How one request ended, as a plain client sees it. */
export interface RequestEnd {
  readonly kind: 'answered' | 'limited' | 'failed';
  readonly sentAtMs: number;
  readonly retryAfterMs?: number;
}

/** Sends one request, and gives it up after its timeout, or when nobody waits for it any more. */
export function sendOnce({ clock, api }: World, untilMs: number, end: (end: RequestEnd) => void): void {
  const sentAtMs = clock.nowMs();
  let isOver = false;
  const once = (result: RequestEnd) => {
    if (isOver) return;
    isOver = true;
    cancel();
    end(result);
  };
  const cancel = clock.after(Math.min(ATTEMPT_TIMEOUT_MS, untilMs - sentAtMs), () =>
    once({ kind: 'failed', sentAtMs }),
  );
  api.send((answer) => {
    if (answer.status === 200) return once({ kind: 'answered', sentAtMs });
    if (answer.status === 429) return once({ kind: 'limited', sentAtMs, retryAfterMs: answer.retryAfterS * 1000 });
    once({ kind: 'failed', sentAtMs });
  });
}
