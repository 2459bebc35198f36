import type { AlertFigures, AlertLabels, AlertRuleId, AlertScope } from './alert-rule.js';
import type { AlertSeverity } from './alert-severity.js';

/** What people are told of. Made of numbers and of names of this module; never of text of a prompt or of the API. */
export interface Alert {
  /** Its identity, at most 255 characters: the same for every replica, process and time. */
  readonly key: string;
  readonly rule: AlertRuleId;
  readonly scope: AlertScope;
  /** Some words for a heading. */
  readonly title: string;
  readonly labels: AlertLabels;
  readonly severity: AlertSeverity;
  /** What is the matter, in a few words with the numbers. */
  readonly summary: string;
  /** The same and since when, the threshold, and what users see of it, where that is known. */
  readonly sentence: string;
  readonly figures: AlertFigures;
  /** When the breach began, wall-clock milliseconds. */
  readonly sinceMs: number;
  /** When it resolved, wall-clock milliseconds; absent while it fires. */
  readonly endedAtMs?: number;
  /** What to do about it: a link into docs/operating.md, where the application said where that is. */
  readonly runbookUrl?: string;
}

/** An alert as one of a message. */
export interface ToldAlert extends Alert {
  /** Key of the alert that it was first told together with: what is one message is one incident. */
  readonly groupKey: string;
  /** Set when it waited for business hours. */
  readonly wasHeld?: true;
}

interface OfMessage {
  /** The same for every try of one message. */
  readonly id: string;
  /** Wall-clock milliseconds. */
  readonly atMs: number;
  readonly service: string;
  readonly environment: string;
  readonly dashboardUrl?: string;
}

/** What a sink is asked to pass on: several alerts at once are one message. */
export type AlertMessage = AlertTrigger | AlertResolve | AlertDigest;

export interface AlertTrigger extends OfMessage {
  readonly kind: 'trigger';
  /** At least one, the gravest first. */
  readonly alerts: readonly ToldAlert[];
}

export interface AlertResolve extends OfMessage {
  readonly kind: 'resolve';
  /** Only those whose beginning the sink was told of. */
  readonly alerts: readonly ToldAlert[];
  /** Groups of which nothing fires any more. */
  readonly groupsOver: readonly string[];
}

/** What came and went while nobody was to be woken. */
export interface AlertDigest extends OfMessage {
  readonly kind: 'digest';
  readonly alerts: readonly Alert[];
  /** More of them that were not kept. */
  readonly left: number;
}
