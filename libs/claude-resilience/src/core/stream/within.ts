import type { Clock } from '../clock.port.js';
import type { FailureFacts } from '../failure/failure-facts.js';

/** How long something may take, and what it is called if it takes longer. */
export interface Limit {
  readonly ms: number;
  readonly facts: FailureFacts;
}

export type Awaited<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly facts: FailureFacts };

/**
 * Waits for a promise, but no longer than the limit, and not after `signal` aborts. What the promise brings later is
 * dropped; if it rejects first, so does this.
 */
export function within<T>(clock: Clock, promise: Promise<T>, limit: Limit, signal: AbortSignal): Promise<Awaited<T>> {
  if (signal.aborted) {
    promise.catch(() => {});
    return Promise.resolve({ ok: false, facts: { from: 'abort' } });
  }
  return new Promise((resolve, reject) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      end();
      resolve({ ok: false, facts: { from: 'abort' } });
    };
    const cancel = clock.after(limit.ms, () => {
      end();
      resolve({ ok: false, facts: limit.facts });
    });
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => {
        end();
        resolve({ ok: true, value });
      },
      (error: unknown) => {
        end();
        reject(error as Error);
      },
    );
  });
}
