import type { AlertFigures, AlertLabels, AlertRuleId } from './alert-rule.js';
import type { AlertSeverity } from './alert-severity.js';
import type { AlertState } from './alert-state.js';
import type { AlertTiming } from './next-alert-state.js';

/** What is known of one alert: plain JSON, since it is kept across restarts. Times are wall-clock milliseconds. */
export interface AlertRecord {
  readonly key: string;
  readonly rule: AlertRuleId;
  readonly labels: AlertLabels;
  readonly state: AlertState;
  /** The gravest it has been since it began. */
  readonly severity: AlertSeverity;
  readonly timing: AlertTiming;
  /** Of the last look that had data. */
  readonly figures: AlertFigures;
  readonly summary: string;
  readonly usersSee?: string;
  /** The last look that had data. */
  readonly dataAtMs: number;
  /** The time it is active, or was the last time; absent while it never was. */
  readonly spell?: AlertSpell;
  /** Until when a graver alert speaks for it. */
  readonly coveredUntilMs?: number;
  /** What each sink has been told, by its name. */
  readonly told: Readonly<Record<string, Telling>>;
}

export interface AlertSpell {
  /** When the breach began. */
  readonly sinceMs: number;
  /** When it fired: later, where the breach must last. */
  readonly firedAtMs: number;
  /** When it resolved; absent while it is active. */
  readonly endedAtMs?: number;
  /** Set when people would have been woken, but for the hour. */
  readonly wasHeld?: true;
}

/** What a sink knows of an alert. */
export interface Telling {
  /** `told`: it took it. `unsure`: it may have. `failed`: it did not. `sending`, `ending`: on its way, to begin or to end. */
  readonly state: 'sending' | 'told' | 'unsure' | 'failed' | 'ending';
  /** When it was last sent. */
  readonly atMs: number;
  /** Before that it is not tried again: it was, in vain. */
  readonly notBeforeMs?: number;
  /** Key of the message that it was part of: what is one message is one incident. */
  readonly groupKey: string;
}
