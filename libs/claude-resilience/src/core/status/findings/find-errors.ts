import { ALERT_THRESHOLDS } from '../../alerts/alert-thresholds.js';
import { percentInWords } from '../../alerts/figures-in-words.js';
import { ERROR_TYPE_WORDS } from '../../alerts/error-type-words.js';
import type { AlertErrorType } from '../../alerts/alert-error-type.js';
import type { StatusFacts } from '../claude-status.js';
import { recentRecovery } from '../recent-recovery.js';
import type { StatusFinding } from '../status-verdict.js';
import { listInWords } from '../status-words.js';

const { threshold, minRequests, minErrors, failuresInARow } = ALERT_THRESHOLDS.errorRate;

/** The last 5 minutes, and the minute that runs, in milliseconds: so long the figures are of an incident that is over, too. */
const PRESENT_MS = 360_000;

/** What requests meet for what is in them: no outage explains it. */
const OF_REQUESTS: ReadonlySet<AlertErrorType> = new Set(['content_policy', 'invalid_request', 'too_large']);

/** Errors that no circuit has opened for: a share of all calls, or, at night, some in a row. */
export function findErrors(facts: StatusFacts): StatusFinding[] {
  const { traffic, failuresInARow: inARow, atMs } = facts;
  const isOver = atMs - (recentRecovery(facts)?.overAtMs ?? -Infinity) < PRESENT_MS;
  const { judged, errors, failed } = traffic;
  const high = (Object.entries(errors) as [AlertErrorType, number][])
    .filter(([type]) => !isOver || OF_REQUESTS.has(type))
    .filter(([, count]) => judged >= minRequests && count >= minErrors && count / judged > threshold)
    .toSorted(([, one], [, other]) => other - one);
  if (high.length === 0 && (isOver || inARow < failuresInARow || failed === 0)) return [];
  const shares = high.map(([type, count]) => `${percentInWords(count / judged)} ${ERROR_TYPE_WORDS[type]}`);
  const served = judged - failed;
  return [
    {
      topic: 'errors',
      severity: 'degraded',
      headline:
        high.length > 0
          ? `Claude answers, with many errors in the last 5 minutes: ${listInWords(shares)}`
          : `The last ${inARow} calls to Claude have failed`,
      usersSee:
        failed === 0
          ? 'Slower answers: all of them were served after a retry.'
          : `${failed} of ${judged} calls failed in the end; ${served === 0 ? 'none was served' : `${served} were served, some after a retry`}.`,
      moduleDoes:
        'It repeats what can be repeated. The circuits are closed: too much is answered, or too little asked.',
      toDo: 'Look below which type of error and which workflow it is, and since when.',
    },
  ];
}
