import type { AlertRule } from '../alert-rule.js';
import type { AlertVerdict } from '../alert-state.js';
import type { SpendCeilingThresholds } from '../alert-thresholds.js';
import { factorInWords, usdInWords } from '../figures-in-words.js';
import { judgeLevel, RESOLVE_RATIO } from '../judge-level.js';
import { inWorkflow, TRAFFIC_WINDOW_MS, workflowLabel } from './traffic-in-words.js';

/** R34: five minutes that cost more than 3 times what the dearest of a week do. Finds the loop that a mean hides. */
export const spendCeiling: AlertRule = {
  id: 'spend_ceiling',
  scope: 'workflow',
  severity: 'error',
  title: 'Costs far above what is usual',
  judge: ({ spending }, thresholdsFor) =>
    spending.flatMap(({ workflow, windowUsd, usualUsd }) => {
      const limits = thresholdsFor(workflow).spendCeiling;
      if (limits === false) return [];
      const threshold = limits.factor * (usualUsd ?? NaN);
      const times = `${factorInWords(windowUsd / (usualUsd ?? NaN))} times the dearest usual`;
      return {
        labels: workflowLabel(workflow),
        verdict: verdictOf(windowUsd, threshold, limits),
        severity: 'error',
        timing: limits,
        figures: {
          value: windowUsd,
          threshold: Number.isNaN(threshold) ? limits.floorUsd : Math.max(threshold, limits.floorUsd),
          unit: 'usd',
          windowMs: TRAFFIC_WINDOW_MS,
        },
        summary: `Claude costs${inWorkflow(workflow)}: ${usdInWords(windowUsd)} in 5 min, ${times}`,
      };
    }),
};

function verdictOf(windowUsd: number, threshold: number, { floorUsd }: SpendCeilingThresholds): AlertVerdict {
  const verdict = judgeLevel(windowUsd, { threshold, resolveBelow: threshold * RESOLVE_RATIO });
  // Nothing spent is spent: that nobody asks is well, here.
  if (verdict === 'no_data') return verdict;
  if (verdict === 'breach') return windowUsd > floorUsd ? 'breach' : 'between';
  return verdict;
}
