import { alertKey } from './alert-key.js';
import type { AlertReadings } from './alert-readings.js';
import type { AlertRecord } from './alert-record.js';
import type { AlertFinding, AlertRule, ThresholdsFor } from './alert-rule.js';
import { INACTIVE, isActive } from './alert-state.js';
import { coveringAlert, COVER_LASTS_MS } from './covering-alert.js';
import { newAlertRecord, nextAlertRecord } from './next-alert-record.js';

export interface AlertLedgerParts {
  readonly service: string;
  readonly environment: string;
  readonly rules: readonly AlertRule[];
  readonly thresholdsFor: ThresholdsFor;
  /** Milliseconds after which a breach that nobody speaks of any more, and that has not fired, is forgotten. */
  readonly staleMs: number;
}

/** What became of alerts in one look. */
export interface AlertChanges {
  readonly fired: readonly AlertRecord[];
  readonly resolved: readonly AlertRecord[];
}

/** Everything that is pending, fires, or has yet to be told to be over. */
export class AlertLedger {
  readonly #records = new Map<string, AlertRecord>();

  constructor(
    private readonly parts: AlertLedgerParts,
    records: readonly AlertRecord[] = [],
  ) {
    for (const record of records) this.#records.set(record.key, record);
  }

  all(): readonly AlertRecord[] {
    return [...this.#records.values()];
  }

  get(key: string): AlertRecord | undefined {
    return this.#records.get(key);
  }

  set(record: AlertRecord): void {
    this.#records.set(record.key, record);
  }

  /** @param elapsedMs milliseconds since the look before, as far as that one may speak for them */
  look(readings: AlertReadings, atMs: number, elapsedMs: number): AlertChanges {
    const [fired, resolved]: [AlertRecord[], AlertRecord[]] = [[], []];
    for (const { rule, finding } of this.#findings(readings)) {
      const key = alertKey(this.parts.service, this.parts.environment, rule.id, finding.labels);
      const before = this.#records.get(key) ?? newAlertRecord(key, rule.id, finding, atMs);
      const after = nextAlertRecord(before, finding, atMs, elapsedMs);
      if (after.state.name !== 'inactive' || this.#records.has(key)) this.#records.set(key, after);
      if (!isActive(before.state) && isActive(after.state)) fired.push(after);
      if (isActive(before.state) && !isActive(after.state)) resolved.push(after);
    }
    this.#cover(atMs);
    return { fired, resolved };
  }

  /** Somebody says that it is over: what nobody speaks of any more does not end by itself. */
  dismiss(key: string, atMs: number): AlertRecord | undefined {
    const record = this.#records.get(key);
    if (record?.spell === undefined || !isActive(record.state)) return undefined;
    const dismissed: AlertRecord = { ...record, state: INACTIVE, spell: { ...record.spell, endedAtMs: atMs } };
    this.#records.set(key, dismissed);
    return dismissed;
  }

  /** Forgets what is over and told. */
  tidy(atMs: number): void {
    for (const record of this.#records.values()) {
      const { key, state, told, dataAtMs } = record;
      const isOver = state.name === 'inactive' && Object.values(told).every((telling) => telling.state === 'failed');
      const isLost = state.name === 'pending' && atMs - dataAtMs > this.parts.staleMs;
      if (isOver || isLost) this.#records.delete(key);
    }
  }

  *#findings(readings: AlertReadings): Generator<{ readonly rule: AlertRule; readonly finding: AlertFinding }> {
    for (const rule of this.parts.rules) {
      for (const finding of judged(rule, readings, this.parts.thresholdsFor)) yield { rule, finding };
    }
  }

  #cover(atMs: number): void {
    for (const record of this.#records.values()) {
      if (!isActive(record.state) || coveringAlert(record, this.#records.values()) === undefined) continue;
      this.#records.set(record.key, { ...record, coveredUntilMs: atMs + COVER_LASTS_MS });
    }
  }
}

/** Readings are made elsewhere: what one rule cannot read must not silence the others. */
function judged(rule: AlertRule, readings: AlertReadings, thresholdsFor: ThresholdsFor): readonly AlertFinding[] {
  try {
    return rule.judge(readings, thresholdsFor);
  } catch {
    return [];
  }
}
