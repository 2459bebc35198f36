import type { AlertRule } from '../alert-rule.js';
import { percentInWords } from '../figures-in-words.js';
import { judgeLevel, RESOLVE_RATIO } from '../judge-level.js';
import { asLongAsItFlows } from './as-long-as-it-flows.js';
import { inWorkflow, TRAFFIC_WINDOW_MS, usersSee, workflowLabel } from './traffic-in-words.js';

/** R32: more than 10 % of requests were tried again. */
export const retryRate: AlertRule = {
  id: 'retry_rate',
  scope: 'workflow',
  severity: 'warning',
  title: 'Many requests are tried again',
  judge: ({ traffic }, thresholdsFor) =>
    traffic.flatMap((reading) => {
      const { requests, retried, workflow } = reading;
      const limits = thresholdsFor(workflow).retryRate;
      if (limits === false) return [];
      const { threshold } = limits;
      const ratio = requests === 0 ? 0 : retried / requests;
      const level = judgeLevel(ratio, { threshold, resolveBelow: threshold * RESOLVE_RATIO });
      const enough = level === 'breach' && retried < limits.minRetried ? 'between' : level;
      const counts = `${percentInWords(ratio)} of requests in 5 min (${retried} of ${requests})`;
      return {
        labels: workflowLabel(workflow),
        verdict: requests < limits.minRequests ? 'no_data' : asLongAsItFlows(enough, reading),
        severity: 'warning',
        timing: limits,
        figures: { value: ratio, threshold, unit: 'ratio', samples: requests, windowMs: TRAFFIC_WINDOW_MS },
        summary: `Claude retries${inWorkflow(workflow)}: ${counts}`,
        ...usersSee(reading),
      };
    }),
};
