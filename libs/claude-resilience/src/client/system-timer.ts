import type { ClaudeClientTimer } from './client-timer.js';

/** The only timer and the only dice of the client. */
export const systemTimer: ClaudeClientTimer = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
