import { ALERT_THRESHOLDS } from '../../alerts/alert-thresholds.js';
import type { ShownAlert } from '../../alerts/alert-desk-view.js';
import type { StatusFacts } from '../claude-status.js';
import { recentRecovery, type Recovery } from '../recent-recovery.js';
import { countInWords, listInWords, momentInWords } from '../status-words.js';
import type { StatusFinding } from '../status-verdict.js';

/** Alerting that nobody hears, and alerts about what nothing else here is about. */
export function findAlertMatters(facts: StatusFacts): StatusFinding[] {
  const { alerts, atMs } = facts;
  if (alerts.state === 'off') return [];
  const deaf = alerts.sinks.filter(({ failuresInARow: n }) => n >= ALERT_THRESHOLDS.alerting.failuresInARow);
  const [gravest, ...others] = alerts.alerts.filter(isHeard).filter((alert) => !isOf(recentRecovery(facts), alert));
  return [
    ...(deaf.length === 0
      ? []
      : [
          {
            topic: 'alerting' as const,
            severity: 'degraded' as const,
            headline: `Alerts are not getting through: ${listInWords(deaf.map(({ sink, failuresInARow: n }) => `${sink} failed ${countInWords(n, 'time')} in a row`))}`,
            usersSee: 'Nothing. But nobody on call would hear of an incident this way.',
            moduleDoes: 'It keeps the messages that matter, and tries again.',
            toDo: 'Check the address, the key and the network of the sink, and test it.',
          },
        ]),
    ...(gravest === undefined
      ? []
      : [
          {
            topic: 'alert' as const,
            severity: 'degraded' as const,
            headline: `Alert since ${momentInWords(gravest.sinceMs, atMs)}: ${gravest.summary}`,
            usersSee: 'See the alert.',
            moduleDoes:
              others.length === 0
                ? 'It watches whether it gets better.'
                : `It watches whether it gets better; ${countInWords(others.length, 'other alert fires', 'other alerts fire')}.`,
            toDo: 'Look at the alert below; each has its page in the handbook.',
          },
        ]),
  ];
}

function isHeard({ state, isSilenced }: ShownAlert): boolean {
  return (state === 'firing' || state === 'clearing') && !isSilenced;
}

/** Errors begin so long before a circuit opens at most, in milliseconds. */
const BEFORE_MS = 300_000;

/** Alerts take minutes to see that their incident is over. */
function isOf(recovery: Recovery | undefined, { sinceMs }: ShownAlert): boolean {
  return recovery !== undefined && sinceMs >= recovery.beganAtMs - BEFORE_MS && sinceMs <= recovery.overAtMs;
}
