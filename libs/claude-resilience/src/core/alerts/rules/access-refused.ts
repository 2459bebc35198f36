import { ACCESS_ERROR_TYPES } from '../alert-error-type.js';
import type { AlertRule } from '../alert-rule.js';
import { ERROR_TYPE_WORDS } from '../error-type-words.js';
import { asLongAsItFlows } from './as-long-as-it-flows.js';
import { TRAFFIC_WINDOW_MS, usersSee } from './traffic-in-words.js';

/** R4: one 401, 403 or billing error is enough: retries do not help, and somebody has to mend it. */
export const accessRefused: AlertRule = {
  id: 'access_refused',
  scope: 'error_type',
  severity: 'critical',
  title: 'The API refuses a key, a permission or to be paid',
  judge: ({ traffic }, thresholdsFor) => {
    const all = traffic.find(({ workflow }) => workflow === undefined);
    const limits = thresholdsFor().access;
    if (all === undefined || limits === false) return [];
    return ACCESS_ERROR_TYPES.map((type) => {
      const errors = all.errors[type] ?? 0;
      const well = all.requests > 0 ? 'clear' : 'no_data';
      return {
        labels: { error_type: type },
        verdict: errors > 0 ? 'breach' : asLongAsItFlows(well, all),
        severity: 'critical',
        timing: { pendingMs: 0, clearMs: limits.clearMs },
        figures: { value: errors, threshold: 0, unit: 'count', samples: all.requests, windowMs: TRAFFIC_WINDOW_MS },
        summary: `Claude ${ERROR_TYPE_WORDS[type]}: ${errors} of ${all.requests} requests in 5 min`,
        ...usersSee(all),
      };
    });
  },
};
