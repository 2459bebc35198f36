import type { AlertSpell, AlertRecord } from './alert-record.js';
import type { AlertFinding, AlertRuleId } from './alert-rule.js';
import { graver } from './alert-severity.js';
import { INACTIVE, isActive, type AlertState } from './alert-state.js';
import { nextAlertState } from './next-alert-state.js';

/** An alert that nobody has looked at before. */
export function newAlertRecord(key: string, rule: AlertRuleId, finding: AlertFinding, atMs: number): AlertRecord {
  const { labels, severity, timing, figures, summary } = finding;
  return { key, rule, labels, severity, timing, figures, summary, state: INACTIVE, dataAtMs: atMs, told: {} };
}

/**
 * What a look makes of what is known. A finding without data leaves everything as it is.
 *
 * @param elapsedMs milliseconds since the look before, as far as that one may speak for them
 */
export function nextAlertRecord(
  record: AlertRecord,
  finding: AlertFinding,
  atMs: number,
  elapsedMs: number,
): AlertRecord {
  if (finding.verdict === 'no_data') return record;
  const { state: before, spell, usersSee: _said, ...kept } = record;
  const state = nextAlertState(before, finding.verdict, atMs, elapsedMs, finding.timing);
  const next = nextSpell(spell, before, state, atMs);
  const { timing, figures, summary, usersSee, severity } = finding;
  return {
    ...kept,
    state,
    severity: isActive(before) ? graver(record.severity, severity) : severity,
    timing,
    figures,
    summary,
    ...(usersSee !== undefined && { usersSee }),
    ...(next !== undefined && { spell: next }),
    dataAtMs: atMs,
  };
}

function nextSpell(
  spell: AlertSpell | undefined,
  before: AlertState,
  after: AlertState,
  atMs: number,
): AlertSpell | undefined {
  if (!isActive(before) && isActive(after)) return { sinceMs: after.sinceMs, firedAtMs: atMs };
  if (isActive(before) && !isActive(after) && spell !== undefined) return { ...spell, endedAtMs: atMs };
  return spell;
}
