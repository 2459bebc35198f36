import type { CircuitReading } from '../alert-readings.js';
import type { AlertRule } from '../alert-rule.js';
import type { AlertVerdict } from '../alert-state.js';
import { durationInWords } from '../figures-in-words.js';

/** A circuit that has not been closed for more than 5 minutes: this is an outage, not a hiccup. */
export const circuitOpen: AlertRule = {
  id: 'circuit_open',
  scope: 'circuit',
  severity: 'critical',
  title: 'A circuit stays open',
  judge: ({ circuits }, thresholdsFor) =>
    circuits.flatMap((reading) => {
      const limits = thresholdsFor().circuitOpen;
      if (limits === false) return [];
      const { circuit, notClosedForMs } = reading;
      return {
        labels: { circuit },
        verdict: verdictOf(reading, limits.openMs),
        severity: 'critical',
        timing: { pendingMs: 0, clearMs: limits.clearMs },
        figures: { value: notClosedForMs, threshold: limits.openMs, unit: 'ms' },
        summary: `Claude circuit of ${circuit} has not been closed for ${durationInWords(notClosedForMs)}`,
        usersSee: 'Users: its calls are answered by fallbacks, wait, or end in an error.',
      };
    }),
};

function verdictOf({ state, notClosedForMs }: CircuitReading, openMs: number): AlertVerdict {
  switch (state) {
    case 'held':
      return 'no_data';
    case 'closed':
      return 'clear';
    case 'open':
    case 'half_open':
      return notClosedForMs > openMs ? 'breach' : 'between';
    default:
      return state satisfies never;
  }
}
