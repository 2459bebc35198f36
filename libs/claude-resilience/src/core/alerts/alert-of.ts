import type { AlertRecord } from './alert-record.js';
import type { AlertFigures } from './alert-rule.js';
import { ALERT_RULES } from './alert-rules.js';
import { isActive } from './alert-state.js';
import type { Alert } from './alert.js';
import { durationInWords, factorInWords, momentInWords, percentInWords, usdInWords } from './figures-in-words.js';

export interface AlertSetting {
  /** Where docs/operating.md can be read. */
  readonly runbookUrl: string | undefined;
  /** Milliseconds without data after which an alert that fires is stale. */
  readonly staleMs: number;
}

/** What is told of a record that is, or was, active. @param remark added to what people read */
export function alertOf(
  record: AlertRecord,
  atMs: number,
  { runbookUrl, staleMs }: AlertSetting,
  remark?: string,
): Alert {
  const { key, rule: id, labels, severity, summary, figures, spell, dataAtMs } = record;
  const rule = ALERT_RULES.find((one) => one.id === id);
  const sinceMs = spell?.sinceMs ?? dataAtMs;
  return {
    key,
    rule: id,
    scope: rule?.scope ?? 'module',
    title: rule?.title ?? id,
    labels,
    severity,
    summary: remark === undefined ? summary : `${summary} (${remark})`,
    sentence:
      sentenceOf(record, sinceMs, isStale(record, atMs, staleMs)) + (remark === undefined ? '' : ` (${remark})`),
    figures,
    sinceMs,
    ...(spell?.endedAtMs !== undefined && { endedAtMs: spell.endedAtMs }),
    ...(runbookUrl !== undefined && { runbookUrl: `${runbookUrl}#${id}` }),
  };
}

/** Whether it fires, and nobody knows how it stands: what stopped may be all the traffic. */
export function isStale({ state, dataAtMs }: AlertRecord, atMs: number, staleMs: number): boolean {
  return isActive(state) && atMs - dataAtMs > staleMs;
}

function sentenceOf(
  { summary, figures, usersSee, spell, dataAtMs }: AlertRecord,
  sinceMs: number,
  hasGoneStale: boolean,
): string {
  if (spell?.endedAtMs !== undefined) {
    return `Resolved after ${durationInWords(spell.endedAtMs - sinceMs)} (since ${momentInWords(sinceMs)}). Last: ${summary}.`;
  }
  const users = usersSee === undefined ? '' : ` ${usersSee}`;
  const stale = hasGoneStale ? ` No data since ${momentInWords(dataAtMs)}.` : '';
  // Where one is too many, nobody needs to be told of a threshold.
  const limit = figures.threshold === 0 ? '' : `; the alert is for more than ${thresholdInWords(figures)}`;
  return `${summary}${limit}. Since ${momentInWords(sinceMs)}.${stale}${users}`;
}

function thresholdInWords({ threshold, unit }: AlertFigures): string {
  switch (unit) {
    case 'ratio':
      return percentInWords(threshold);
    case 'factor':
      return `${factorInWords(threshold)} times`;
    case 'ms':
      return durationInWords(threshold);
    case 'usd':
      return usdInWords(threshold);
    case 'count':
      return String(threshold);
    default:
      return unit satisfies never;
  }
}
