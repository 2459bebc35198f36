import type { ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import { demoAlerts } from '../alerts/demo-alerts.js';
import type { AppSettings } from '../app.settings.js';

/** From one look for alerts to the next, in milliseconds (a minute by default). */
const LOOK_EVERY_MS = 1_000;
/** A circuit that is open for longer is told (5 minutes by default). */
const OPEN_MS = 15_000;

/**
 * Shorter waits between attempts (3 s and 2 s by default), so that an incident fits into a minute. A `Retry-After` is
 * obeyed to the second, and circuits and accounts keep their defaults.
 */
function tourResilience(): ClaudeResilienceOptions {
  return {
    retry: {
      overloaded: { baseDelayMs: 200, jitterMs: 50 },
      serverError: { baseDelayMs: 200, jitterMs: 50 },
    },
    alerts: demoAlerts(LOOK_EVERY_MS, OPEN_MS),
  };
}

/** The tour's only differences from `npm start`. */
export function tourSettings(settings: AppSettings): AppSettings {
  const { logLevel } = settings;
  // One step shows lines of the log, which therefore must be written.
  const isTooQuiet = logLevel === 'silent' || logLevel === 'fatal' || logLevel === 'error';
  return { ...settings, resilience: tourResilience(), logLevel: isTooQuiet ? 'warn' : logLevel };
}
