import type { ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import type { AppSettings } from '../app.settings.js';

/** How long a stopped account is left alone, in milliseconds (5 s by default). */
export const PROBE_AFTER_MS = 700;
/** Timers may be early by a millisecond. */
const EARLY_MS = 50;

/**
 * Shorter waits between attempts (3 s and 2 s by default), so that an incident fits into a minute. A `Retry-After` is
 * obeyed to the second, and the circuit keeps its defaults.
 */
const TOUR_RESILIENCE: ClaudeResilienceOptions = {
  retry: {
    overloaded: { baseDelayMs: 200, jitterMs: 50 },
    serverError: { baseDelayMs: 200, jitterMs: 50 },
  },
  account: { probeAfterMs: PROBE_AFTER_MS - EARLY_MS },
};

/** The tour's only differences from `npm start`. */
export function tourSettings(settings: AppSettings): AppSettings {
  const { logLevel } = settings;
  // One step shows a line of the log, which therefore must be written.
  const isTooQuiet = logLevel === 'silent' || logLevel === 'fatal';
  return { ...settings, resilience: TOUR_RESILIENCE, logLevel: isTooQuiet ? 'error' : logLevel };
}
