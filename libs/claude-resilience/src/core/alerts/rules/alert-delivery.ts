import type { AlertRule } from '../alert-rule.js';

/** A sink does not take alerts: the others tell of it, since nobody would miss what does not come. */
export const alertDelivery: AlertRule = {
  id: 'alert_delivery',
  scope: 'sink',
  severity: 'error',
  title: 'Alerts do not get through to a sink',
  judge: ({ desk }, thresholdsFor) => {
    const limits = thresholdsFor().alerting;
    if (desk === undefined || limits === false) return [];
    return desk.sinks.map(({ sink, failuresInARow, delivered }) => ({
      labels: { sink },
      verdict:
        failuresInARow >= limits.failuresInARow
          ? 'breach'
          : failuresInARow > 0 || delivered === 0
            ? 'no_data'
            : 'clear',
      severity: 'error',
      timing: { pendingMs: 0, clearMs: 0 },
      figures: { value: failuresInARow, threshold: limits.failuresInARow - 1, unit: 'count' },
      summary: `Alerts do not get through to ${sink}: ${failuresInARow} messages in a row were not taken`,
    }));
  },
};
