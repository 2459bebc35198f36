import type { AlertRecord, Telling } from './alert-record.js';
import { ALERT_RULE_IDS } from './alert-rule.js';
import type { AlertSilence } from './alert-silence.js';
import type { Alert } from './alert.js';

/** What alerting knows, as plain JSON. Times are wall-clock milliseconds. */
export interface AlertDeskState {
  readonly version: 1;
  /** The last look. */
  readonly atMs: number;
  /** Whether people could be woken then. */
  readonly wasOpen: boolean;
  readonly records: readonly AlertRecord[];
  readonly silences: readonly AlertSilence[];
  /** What came and went since they last could. */
  readonly missed: readonly Alert[];
  /** How many more that were not kept. */
  readonly missedLeft: number;
}

/**
 * Reads what a store gave back. What is damaged is left out: an alert that is forgotten is found again by the next look.
 * What was on its way when the process ended may have arrived, or not.
 */
export function readAlertDeskState(value: unknown): AlertDeskState | undefined {
  if (!isObject(value) || value['version'] !== 1 || !Number.isFinite(value['atMs'])) return undefined;
  const { atMs, wasOpen, missedLeft } = value;
  return {
    version: 1,
    atMs: atMs as number,
    wasOpen: wasOpen !== false,
    records: listOf(value['records'], isRecord).map(asAfterRestart),
    silences: listOf(value['silences'], isSilence),
    missed: listOf(value['missed'], isAlert),
    missedLeft: Number.isFinite(missedLeft) ? (missedLeft as number) : 0,
  };
}

/** What another replica told, checked. What was on its way there may have arrived, or not. */
export function readAlertRecords(value: unknown): readonly AlertRecord[] {
  return listOf(value, isRecord).map(asAfterRestart);
}

function asAfterRestart(record: AlertRecord): AlertRecord {
  const told = Object.entries(record.told).map(([sink, telling]): [string, Telling] => {
    const { notBeforeMs: _waited, ...kept } = telling;
    if (telling.state === 'sending') return [sink, { ...kept, state: 'unsure' }];
    return [sink, telling.state === 'ending' ? { ...kept, state: 'told' } : telling];
  });
  return { ...record, told: Object.fromEntries(told) };
}

function listOf<T>(value: unknown, isOne: (one: unknown) => one is T): T[] {
  return Array.isArray(value) ? value.filter(isOne) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const STATES = ['inactive', 'pending', 'firing', 'clearing'];
const TELLINGS = ['sending', 'told', 'unsure', 'failed', 'ending'];

function isRecord(value: unknown): value is AlertRecord {
  if (!isObject(value) || !isRule(value['rule'])) return false;
  const { key, summary, dataAtMs, state, timing, told } = value;
  if (typeof key !== 'string' || typeof summary !== 'string' || !Number.isFinite(dataAtMs)) return false;
  if (!isObject(state) || !STATES.includes(String(state['name'])) || !isObject(timing) || !isTexts(value['labels'])) {
    return false;
  }
  if (!isObject(value['figures']) || !isObject(told)) return false;
  if (state['name'] !== 'inactive' && !Number.isFinite(state['sinceMs'])) return false;
  return Object.values(told).every(
    (one) => isObject(one) && TELLINGS.includes(String(one['state'])) && typeof one['groupKey'] === 'string',
  );
}

export function isSilence(value: unknown): value is AlertSilence {
  if (!isObject(value)) return false;
  const { id, by, why, sinceMs, untilMs, rule, labels } = value;
  const isAbout = (rule === undefined || isRule(rule)) && isTexts(labels);
  return isAbout && isTexts({ id, by, why }) && Number.isFinite(sinceMs) && Number.isFinite(untilMs);
}

function isAlert(value: unknown): value is Alert {
  return isObject(value) && isRule(value['rule']) && typeof value['sentence'] === 'string' && isTexts(value['labels']);
}

function isRule(value: unknown): boolean {
  return (ALERT_RULE_IDS as readonly unknown[]).includes(value);
}

function isTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}
