import type { AlertRule } from '../alert-rule.js';
import { durationInWords } from '../figures-in-words.js';
import { judgeLevel, RESOLVE_RATIO } from '../judge-level.js';

/** Somebody was promised an answer for later, and has waited for more than 15 minutes. */
export const queueOld: AlertRule = {
  id: 'queue_old',
  scope: 'queue',
  severity: 'error',
  title: 'A deferred request has waited too long',
  judge: ({ queue }, thresholdsFor) => {
    const limits = thresholdsFor().queueOld;
    if (queue === undefined || limits === false) return [];
    const { oldestMs: threshold } = limits;
    const { oldestMs: value, waiting } = queue;
    return [
      {
        labels: {},
        verdict: judgeLevel(value, { threshold, resolveBelow: threshold * RESOLVE_RATIO }),
        severity: 'error',
        timing: { pendingMs: 0, clearMs: limits.clearMs },
        figures: { value, threshold, unit: 'ms', samples: waiting },
        summary: `Claude queue: the oldest of ${waiting} requests has waited for ${durationInWords(value)}`,
        usersSee: `Users: a result that was promised for later is ${durationInWords(value)} old and not there.`,
      },
    ];
  },
};
