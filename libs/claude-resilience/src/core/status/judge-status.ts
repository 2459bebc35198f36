import type { StatusFacts } from './claude-status.js';
import { findAlertMatters } from './findings/find-alert-matters.js';
import { findErrors } from './findings/find-errors.js';
import { findHeldCircuits } from './findings/find-held-circuits.js';
import { findOpenCircuits } from './findings/find-open-circuits.js';
import { findQueueMatters } from './findings/find-queue-matters.js';
import { findRecovering } from './findings/find-recovering.js';
import { findSlowGoing } from './findings/find-slow-going.js';
import { findUnheardFleet } from './findings/find-unheard-fleet.js';
import { findStoppedAccounts } from './findings/find-stopped-accounts.js';
import { STATUS_SEVERITIES, STATUS_TOPICS, type StatusFinding, type StatusVerdict } from './status-verdict.js';
import { wellOrNothing } from './well-or-nothing.js';

/** Those that an open circuit or a stopped account explains already: saying them again helps nobody. */
const EXPLAINED: ReadonlySet<StatusFinding['topic']> = new Set(['errors', 'alert']);

/** The verdict on everything that is known: what is most urgent, in words, and what else is the matter. Pure. */
export function judgeStatus(facts: StatusFacts): StatusVerdict {
  const found = [
    ...findStoppedAccounts(facts),
    ...findOpenCircuits(facts),
    ...findHeldCircuits(facts),
    ...findRecovering(facts),
    ...findSlowGoing(facts),
    ...findErrors(facts),
    ...findQueueMatters(facts),
    ...findAlertMatters(facts),
    ...findUnheardFleet(facts),
  ].toSorted(moreUrgent);
  const [first = wellOrNothing(facts), ...others] = found;
  return { ...first, also: others.filter(({ topic }) => !EXPLAINED.has(topic)).map(({ headline }) => headline) };
}

function moreUrgent(one: StatusFinding, other: StatusFinding): number {
  const bySeverity = STATUS_SEVERITIES.indexOf(other.severity) - STATUS_SEVERITIES.indexOf(one.severity);
  return bySeverity !== 0 ? bySeverity : STATUS_TOPICS.indexOf(one.topic) - STATUS_TOPICS.indexOf(other.topic);
}
