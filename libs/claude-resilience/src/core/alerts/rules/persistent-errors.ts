import type { AlertErrorType } from '../alert-error-type.js';
import type { TrafficReading } from '../alert-readings.js';
import type { AlertFinding, AlertRule } from '../alert-rule.js';
import type { AlertVerdict } from '../alert-state.js';
import type { PersistentErrorsThresholds } from '../alert-thresholds.js';
import { ERROR_TYPE_WORDS } from '../error-type-words.js';
import { durationInWords, percentInWords } from '../figures-in-words.js';
import { judgeLevel, RESOLVE_RATIO } from '../judge-level.js';
import { asLongAsItFlows } from './as-long-as-it-flows.js';
import { inWorkflow, TRAFFIC_WINDOW_MS, usersSee, workflowLabel } from './traffic-in-words.js';

/** What retries hide, and what is worth a look all the same if it does not end (R6). */
const TYPES = ['upstream_5xx', 'timeout'] as const satisfies readonly AlertErrorType[];

/** R6: 500s and timeouts below the share that wakes, for half an hour. */
export const persistentErrors: AlertRule = {
  id: 'persistent_errors',
  scope: 'error_type',
  severity: 'warning',
  title: 'Few errors that do not end',
  judge: ({ traffic }, thresholdsFor) =>
    traffic.flatMap((reading) => {
      const limits = thresholdsFor(reading.workflow).persistentErrors;
      return limits === false ? [] : TYPES.map((type) => findingOf(reading, type, limits));
    }),
};

function findingOf(reading: TrafficReading, type: AlertErrorType, limits: PersistentErrorsThresholds): AlertFinding {
  const { requests, workflow } = reading;
  const { threshold, pendingMs } = limits;
  const errors = reading.errors[type] ?? 0;
  const ratio = requests === 0 ? 0 : errors / requests;
  const counts = `${percentInWords(ratio)} of requests in 5 min (${errors} of ${requests})`;
  return {
    labels: { error_type: type, ...workflowLabel(workflow) },
    verdict: asLongAsItFlows(verdictOf(requests, errors, limits), reading),
    severity: 'warning',
    timing: limits,
    figures: { value: ratio, threshold, unit: 'ratio', samples: requests, windowMs: TRAFFIC_WINDOW_MS },
    summary: `Claude ${ERROR_TYPE_WORDS[type]}${inWorkflow(workflow)}, for over ${durationInWords(pendingMs)}: ${counts}`,
    ...usersSee(reading),
  };
}

function verdictOf(
  requests: number,
  errors: number,
  { threshold, minRequests, minErrors }: PersistentErrorsThresholds,
): AlertVerdict {
  if (requests < minRequests) return 'no_data';
  const verdict = judgeLevel(errors / requests, { threshold, resolveBelow: threshold * RESOLVE_RATIO });
  return verdict === 'breach' && errors < minErrors ? 'between' : verdict;
}
