import { ALERT_ERROR_TYPES, isAccessErrorType, type AlertErrorType } from '../alert-error-type.js';
import type { TrafficReading } from '../alert-readings.js';
import type { AlertFinding, AlertRule } from '../alert-rule.js';
import type { AlertSeverity } from '../alert-severity.js';
import type { AlertVerdict } from '../alert-state.js';
import type { ErrorRateThresholds } from '../alert-thresholds.js';
import { ERROR_TYPE_WORDS } from '../error-type-words.js';
import { percentInWords } from '../figures-in-words.js';
import { judgeLevel, RESOLVE_RATIO } from '../judge-level.js';
import { asLongAsItFlows } from './as-long-as-it-flows.js';
import { inWorkflow, TRAFFIC_WINDOW_MS, usersSee, workflowLabel } from './traffic-in-words.js';

/** Those that are told at once are a rule of their own. */
const TYPES = ALERT_ERROR_TYPES.filter((type) => !isAccessErrorType(type));
/** What is usually the request's fault, and wakes nobody. */
export const MILD: readonly AlertErrorType[] = ['content_policy', 'invalid_request', 'too_large'];

/** R30: a type of error above 5 % of requests in 5 minutes, or 5 requests in a row that failed. */
export const errorRate: AlertRule = {
  id: 'error_rate',
  scope: 'error_type',
  severity: 'error',
  title: 'Errors of one type above their share',
  judge: ({ traffic }, thresholdsFor) =>
    traffic.flatMap((reading) => {
      const limits = thresholdsFor(reading.workflow).errorRate;
      return limits === false ? [] : TYPES.map((type) => findingOf(reading, type, limits));
    }),
};

function findingOf(reading: TrafficReading, type: AlertErrorType, limits: ErrorRateThresholds): AlertFinding {
  const { requests, workflow, failuresInARow } = reading;
  const threshold = limits.types[type] ?? limits.threshold;
  const errors = reading.errors[type] ?? 0;
  const ratio = requests === 0 ? 0 : errors / requests;
  const row = failuresInARow?.type === type ? failuresInARow.count : 0;
  const isRow = row >= limits.failuresInARow;
  const share = verdictOfShare(requests, errors, threshold, limits);
  const isShareTold = share === 'breach' || !isRow;
  const counts = `${percentInWords(ratio)} of requests in 5 min (${errors} of ${requests})`;
  return {
    labels: { error_type: type, ...workflowLabel(workflow) },
    verdict: isRow ? 'breach' : asLongAsItFlows(share, reading),
    severity: severityOf(type, ratio, limits, isShareTold),
    timing: limits,
    figures: isShareTold
      ? { value: ratio, threshold, unit: 'ratio', samples: requests, windowMs: TRAFFIC_WINDOW_MS }
      : { value: row, threshold: limits.failuresInARow - 1, unit: 'count', samples: row },
    summary: `Claude ${ERROR_TYPE_WORDS[type]}${inWorkflow(workflow)}: ${isShareTold ? counts : `${row} requests in a row`}`,
    ...usersSee(reading),
  };
}

function verdictOfShare(
  requests: number,
  errors: number,
  threshold: number,
  { minRequests, minErrors, failuresInARow, clearMs }: ErrorRateThresholds,
): AlertVerdict {
  if (requests < minRequests) {
    // Few, and all of them well, is worth as much as few in a row that failed. What is left in the window when traffic
    // stops is not: it must be seen for as long as the window is.
    const areWell = requests >= failuresInARow && errors === 0 && clearMs >= TRAFFIC_WINDOW_MS;
    return areWell ? 'clear' : 'no_data';
  }
  const verdict = judgeLevel(errors / requests, { threshold, resolveBelow: threshold * RESOLVE_RATIO });
  return verdict === 'breach' && errors < minErrors ? 'between' : verdict;
}

function severityOf(
  type: AlertErrorType,
  ratio: number,
  { criticalRatio }: ErrorRateThresholds,
  isShare: boolean,
): AlertSeverity {
  if (MILD.includes(type)) return 'warning';
  return isShare && ratio >= criticalRatio ? 'critical' : 'error';
}
