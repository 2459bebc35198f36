import type { AlertLabels, AlertRuleId } from './alert-rule.js';

/** Somebody does not want to hear of something for a while. It is judged all the same, and its end is told to who heard of its beginning. */
export interface AlertSilence {
  readonly id: string;
  /** Absent: every rule. */
  readonly rule?: AlertRuleId;
  /** Labels that an alert must have, with these values. Empty: every alert of the rule. */
  readonly labels: AlertLabels;
  /** Who asked for it, and why. */
  readonly by: string;
  readonly why: string;
  /** Wall-clock milliseconds. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

export type NewAlertSilence = Omit<AlertSilence, 'id' | 'sinceMs'>;

export function isSilencing(
  silence: AlertSilence,
  alert: { readonly rule: AlertRuleId; readonly labels: AlertLabels },
  atMs: number,
): boolean {
  if (atMs >= silence.untilMs || (silence.rule !== undefined && silence.rule !== alert.rule)) return false;
  return Object.entries(silence.labels).every(([name, value]) => alert.labels[name] === value);
}
