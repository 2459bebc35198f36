import type { ClaudeClientTimer } from './client-timer.js';

/** Resolves after `delayMs` milliseconds, or as soon as `signal` aborts; it is for the caller to look which. */
export function wait(delayMs: number, timer: ClaudeClientTimer, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const over = () => {
      callOff();
      signal?.removeEventListener('abort', over);
      resolve();
    };
    const callOff = timer.after(delayMs, over);
    signal?.addEventListener('abort', over);
  });
}
