import type { AlertRule } from '../alert-rule.js';

/** There is nothing to look at: every other rule is blind, and says nothing. */
export const readingsMissing: AlertRule = {
  id: 'readings_missing',
  scope: 'module',
  severity: 'error',
  title: 'Alerting sees nothing',
  judge: ({ desk }, thresholdsFor) => {
    const limits = thresholdsFor().alerting;
    if (desk === undefined || limits === false) return [];
    const { blindInARow: value } = desk;
    return [
      {
        labels: {},
        verdict: value >= limits.blindInARow ? 'breach' : value > 0 ? 'between' : 'clear',
        severity: 'error',
        timing: { pendingMs: 0, clearMs: 0 },
        figures: { value, threshold: limits.blindInARow - 1, unit: 'count' },
        summary: `Alerting on Claude sees nothing: the figures could not be read ${value} times in a row`,
      },
    ];
  },
};
