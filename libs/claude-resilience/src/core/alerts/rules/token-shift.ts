import type { TokenReading } from '../alert-readings.js';
import type { AlertRule } from '../alert-rule.js';
import type { AlertVerdict } from '../alert-state.js';
import type { TokenShiftThresholds } from '../alert-thresholds.js';
import { factorInWords } from '../figures-in-words.js';
import { RESOLVE_RATIO, RESOLVE_RATIO_OF_BASELINE } from '../judge-level.js';
import { TRAFFIC_WINDOW_MS } from './traffic-in-words.js';

/** R33: requests of a workflow have become larger: more than 1.5 times usual, and more than 4 robust deviations. */
export const tokenShift: AlertRule = {
  id: 'token_shift',
  scope: 'workflow',
  severity: 'warning',
  title: 'Requests use many more tokens than usual',
  judge: ({ tokens }, thresholdsFor) =>
    tokens.flatMap((reading) => {
      const { workflow, direction, samples, typical, baseline } = reading;
      const limits = thresholdsFor(workflow).tokenShift;
      if (limits === false) return [];
      const factor = typical / (baseline ?? NaN);
      const times = `${factorInWords(factor)} times usual`;
      return {
        labels: { direction, workflow },
        verdict: verdictOf(reading, factor, limits),
        severity: 'warning',
        timing: limits,
        figures: {
          value: Number.isFinite(factor) ? factor : 0,
          threshold: limits.factor,
          unit: 'factor',
          samples,
          windowMs: TRAFFIC_WINDOW_MS,
        },
        summary: `Claude ${direction} tokens in ${workflow}: typically ${Math.round(typical)} per request, ${times}, ${samples} requests in 5 min`,
      };
    }),
};

function verdictOf({ samples, robustZ }: TokenReading, factor: number, limits: TokenShiftThresholds): AlertVerdict {
  if (samples < limits.minSamples || robustZ === undefined || !Number.isFinite(factor)) return 'no_data';
  if (factor > limits.factor && robustZ > limits.robustZ) return 'breach';
  const isNear = factor >= limits.factor * RESOLVE_RATIO_OF_BASELINE && robustZ >= limits.robustZ * RESOLVE_RATIO;
  return isNear ? 'between' : 'clear';
}
