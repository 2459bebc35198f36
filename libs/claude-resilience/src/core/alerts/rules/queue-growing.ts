import type { QueueReading } from '../alert-readings.js';
import type { AlertRule } from '../alert-rule.js';
import type { AlertVerdict } from '../alert-state.js';
import type { QueueGrowingThresholds } from '../alert-thresholds.js';
import { factorInWords } from '../figures-in-words.js';
import { judgeLevel } from '../judge-level.js';

const LOOKS_BACK_MS = 15 * 60_000;

/** More is deferred than is worked off: 1.5 times as many wait as 15 minutes ago, for 5 minutes. */
export const queueGrowing: AlertRule = {
  id: 'queue_growing',
  scope: 'queue',
  severity: 'warning',
  title: 'The queue of deferred requests grows',
  judge: ({ queue }, thresholdsFor) => {
    const limits = thresholdsFor().queueGrowing;
    if (queue === undefined || limits === false) return [];
    const factor = growth(queue);
    const { waiting, waitingBefore = 0 } = queue;
    return [
      {
        labels: {},
        verdict: verdictOf(queue, factor, limits),
        severity: 'warning',
        timing: limits,
        figures: { value: factor, threshold: limits.factor, unit: 'factor', samples: waiting, windowMs: LOOKS_BACK_MS },
        summary: `Claude queue grows: ${waiting} requests wait, ${waitingBefore} did 15 min ago (${factorInWords(factor)} times)`,
        usersSee: 'Users: results that were promised for later come later.',
      },
    ];
  },
};

const growth = ({ waiting, waitingBefore = waiting }: QueueReading) => waiting / Math.max(1, waitingBefore);

function verdictOf(queue: QueueReading, factor: number, limits: QueueGrowingThresholds): AlertVerdict {
  if (queue.waiting < limits.minWaiting) return 'clear';
  if (queue.waitingBefore === undefined) return 'no_data';
  const level = judgeLevel(factor, { threshold: limits.factor, resolveBelow: 1 });
  return level === 'between' && factor === 1 ? 'clear' : level;
}
