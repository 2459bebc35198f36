import type { AlertRecord, Telling } from './alert-record.js';
import type { AlertSink } from './alert-sink.port.js';
import { isActive } from './alert-state.js';

export interface TellingConditions {
  readonly atMs: number;
  /** Whether people may be woken. */
  readonly isOpen: boolean;
  readonly criticalAlways: boolean;
  readonly groupMs: number;
  readonly repeatMs: number;
  isSilenced(record: AlertRecord): boolean;
}

export interface TellingsDue {
  readonly trigger: readonly AlertRecord[];
  readonly resolve: readonly AlertRecord[];
  /** What would be told but for the hour. */
  readonly held: readonly AlertRecord[];
}

/** Longest time that the end of an alert is tried to be told, in milliseconds. */
export const LONGEST_RESOLVE_MS = 24 * 3_600_000;

/**
 * What a sink should be told now (R37): the difference between what is true and what it knows. Nothing twice within
 * `repeatMs`; ends only of what it was told of; and what waits for others goes with the first that may wait no longer.
 */
export function tellingsDue(
  sink: Pick<AlertSink, 'name' | 'reach' | 'refreshMs'>,
  records: Iterable<AlertRecord>,
  conditions: TellingConditions,
): TellingsDue {
  const { atMs, isOpen, criticalAlways, groupMs, repeatMs } = conditions;
  const fresh: AlertRecord[] = [];
  const repeated: AlertRecord[] = [];
  const resolve: AlertRecord[] = [];
  const held: AlertRecord[] = [];
  const isHeld = ({ severity }: AlertRecord) =>
    sink.reach === 'page' && !isOpen && !(criticalAlways && severity === 'critical');
  for (const record of records) {
    const telling = record.told[sink.name];
    if (telling?.state === 'sending' || telling?.state === 'ending') continue;
    if (atMs < (telling?.notBeforeMs ?? 0) || isAboutItself(sink.name, record)) continue;
    if (!isActive(record.state)) {
      if (isKnown(telling)) resolve.push(record);
      continue;
    }
    const isQuiet = conditions.isSilenced(record) || atMs < (record.coveredUntilMs ?? 0);
    if (telling?.state === 'told') {
      const again = sink.refreshMs ?? repeatMs;
      // Who forgets is told again whatever happens: to him silence is the end.
      const mayBe = sink.refreshMs !== undefined || (!isQuiet && !isHeld(record));
      if (mayBe && atMs - telling.atMs >= again) repeated.push(record);
    } else if (!isQuiet && record.state.name === 'firing') {
      (isHeld(record) ? held : fresh).push(record);
    }
  }
  const mayWait = fresh.every((record) => isWaiting(record, atMs, groupMs));
  return { trigger: [...(mayWait ? [] : fresh), ...repeated], resolve, held };
}

/** Whether it may still wait for others. */
function isWaiting({ severity, spell }: AlertRecord, atMs: number, groupMs: number): boolean {
  return severity !== 'critical' && atMs - (spell?.firedAtMs ?? 0) < groupMs;
}

/** Whether the sink knows of it, or may. */
function isKnown(telling: Telling | undefined): boolean {
  return telling?.state === 'told' || telling?.state === 'unsure';
}

/** That a sink does not take messages is told to the others. */
function isAboutItself(sink: string, { rule, labels }: AlertRecord): boolean {
  return rule === 'alert_delivery' && labels['sink'] === sink;
}
