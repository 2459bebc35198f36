import type { AlertDeskState } from './alert-desk-state.js';
import { AlertLedger } from './alert-ledger.js';
import type { AlertRecord } from './alert-record.js';
import { ALERT_RULES } from './alert-rules.js';
import { AlertSilences } from './alert-silences.js';
import type { ResolvedAlertsOptions } from './alerts.options.js';
import { MissedAlerts } from './missed-alerts.js';

/** All that alerting knows, and keeps. */
export class AlertMemory {
  ledger: AlertLedger;
  silences = new AlertSilences();
  missed = new MissedAlerts();
  /** Whether people could be woken at the last look. */
  wasOpen = true;
  lastLookMs: number | undefined;

  constructor(private readonly options: ResolvedAlertsOptions) {
    this.ledger = this.#newLedger([]);
  }

  /** @param withSilences whether they are kept here, and nowhere else */
  use(state: AlertDeskState, withSilences: boolean): void {
    this.ledger = this.#newLedger(state.records);
    if (withSilences) this.silences = new AlertSilences(state.silences);
    this.missed = new MissedAlerts(state.missed, state.missedLeft);
    this.wasOpen = state.wasOpen;
    this.lastLookMs = state.atMs;
  }

  state(nowMs: number): AlertDeskState {
    return {
      version: 1,
      atMs: this.lastLookMs ?? nowMs,
      wasOpen: this.wasOpen,
      records: this.ledger.all(),
      silences: this.silences.at(nowMs),
      missed: this.missed.alerts,
      missedLeft: this.missed.left,
    };
  }

  #newLedger(records: readonly AlertRecord[]): AlertLedger {
    const { service, environment, rules, workflows, staleMs } = this.options;
    const thresholdsFor = (workflow?: string) => (workflow === undefined ? rules : (workflows.get(workflow) ?? rules));
    return new AlertLedger({ service, environment, rules: ALERT_RULES, thresholdsFor, staleMs }, records);
  }
}
