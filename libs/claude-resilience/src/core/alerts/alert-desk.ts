import type { Clock } from '../clock.port.js';
import type { Random } from '../random.port.js';
import type { AlertEvent } from './alert-event.js';
import { AlertLedger } from './alert-ledger.js';
import { alertOf } from './alert-of.js';
import { NO_READINGS, type AlertReadings } from './alert-readings.js';
import type { AlertRecord } from './alert-record.js';
import { AlertRounds } from './alert-rounds.js';
import { ALERT_RULES } from './alert-rules.js';
import type { AlertSilence, NewAlertSilence } from './alert-silence.js';
import { AlertSilences } from './alert-silences.js';
import { AlertStateKeeper } from './alert-state-keeper.js';
import type { AlertStateStore } from './alert-state-store.port.js';
import { AlertTeller } from './alert-teller.js';
import { shownAlerts, type AlertDeskView } from './alert-desk-view.js';
import type { ResolvedAlertsOptions } from './alerts.options.js';
import { BusinessHours } from './business-hours.js';
import { inTime } from './in-time.js';
import { MissedAlerts } from './missed-alerts.js';
import type { AlertSinkTest } from './test-alert.js';

export interface AlertDeskParts {
  readonly options: ResolvedAlertsOptions;
  /** What there is to look at. One that fails, or takes over 10 s, is blindness, and that is an alert of its own. */
  readings(atMs: number): AlertReadings | Promise<AlertReadings>;
  readonly clock: Clock;
  readonly random: Random;
  /** Absent: a restart forgets. */
  readonly store?: AlertStateStore;
  tell(event: AlertEvent): void;
}

const LONGEST_READING_MS = 10_000;

/**
 * Looks at the readings each minute and when somebody asks, and tells sinks of what has begun and ended (R30 to R34, R37).
 * Nothing here is on the way of a request. With several replicas one of them looks, at the figures of all.
 */
export class AlertDesk {
  #ledger: AlertLedger;
  #teller: AlertTeller;
  readonly #hours: BusinessHours | undefined;
  #silences = new AlertSilences();
  #missed = new MissedAlerts();
  #wasOpen = true;
  #lastLookMs: number | undefined;
  #blindInARow = 0;
  readonly #keeper: AlertStateKeeper;
  readonly #rounds: AlertRounds;

  constructor(private readonly parts: AlertDeskParts) {
    const { businessHours } = parts.options;
    this.#hours = businessHours && new BusinessHours(businessHours);
    this.#keeper = new AlertStateKeeper(parts.store, parts.clock);
    this.#rounds = new AlertRounds(parts.clock, parts.options.everyMs, () => this.#lookOnce());
    this.#ledger = this.#newLedger([]);
    this.#teller = this.#newTeller();
  }

  /** Once: remembers what the last process knew, and looks for the first time. @throws {ClaudeInvalidOptionsError} of a sink */
  async start(): Promise<void> {
    await Promise.all(this.parts.options.sinks.map((sink) => sink.open()));
    await this.#restore();
    await this.#rounds.start();
  }

  /** Looks now: something happened that should not wait. Resolves when the look is over, never rejects. */
  look(): Promise<void> {
    return this.#rounds.now();
  }

  /** Looks no more, ever; resolves when what is under way is over, and is kept. */
  async stop(): Promise<void> {
    if (this.#rounds.isOver) return;
    await this.#rounds.stop();
    await this.#teller.stop();
    await this.#keep();
    await Promise.allSettled(this.parts.options.sinks.map((sink) => sink.close()));
  }

  /** Tells nobody of what it matches, until its time is over; what began before is told to be over all the same. */
  silence(wish: NewAlertSilence): AlertSilence {
    const silence = { ...wish, id: this.parts.random.id(), sinceMs: this.parts.clock.wallMs() };
    this.#silences.add(silence);
    void this.#keep();
    return silence;
  }

  /** The same of one that was asked for elsewhere, and has its id. */
  adoptSilence(silence: AlertSilence): void {
    this.#silences.end(silence.id, this.parts.clock.wallMs());
    this.#silences.add(silence);
    void this.#keep();
  }

  /** @returns whether there was such a silence */
  endSilence(id: string): boolean {
    const was = this.#silences.end(id, this.parts.clock.wallMs());
    void this.#keep();
    return was;
  }

  /** Ends an alert by hand, for what nobody will ever speak of again. @returns whether it was active */
  dismiss(key: string): boolean {
    const atMs = this.parts.clock.wallMs();
    const dismissed = this.#ledger.dismiss(key, atMs);
    if (dismissed !== undefined) this.#tellResolved(dismissed, atMs);
    return dismissed !== undefined;
  }

  /** Sends a test through one sink, at any hour. @throws {ClaudeUnknownAlertSinkError} */
  test(sink: string): Promise<AlertSinkTest> {
    return this.#teller.test(sink, this.parts.random.id());
  }

  view(): AlertDeskView {
    const atMs = this.parts.clock.wallMs();
    const opensAtMs = this.#hours?.nextOpening(atMs);
    const isSilenced = (record: AlertRecord) => this.#silences.covers(record, atMs);
    return {
      alerts: shownAlerts(this.#ledger.all(), atMs, this.parts.options, isSilenced),
      silences: this.#silences.at(atMs),
      sinks: this.#teller.figures(),
      ...(this.#lastLookMs !== undefined && { lastLookMs: this.#lastLookMs }),
      ...(opensAtMs !== undefined && { opensAtMs }),
      storeFailures: this.#keeper.failures,
    };
  }

  async #lookOnce(): Promise<void> {
    const { clock, options } = this.parts;
    const readings = await inTime(() => this.parts.readings(clock.wallMs()), LONGEST_READING_MS, clock);
    if (this.#rounds.isOver) return;
    const atMs = clock.wallMs();
    this.#blindInARow = readings === undefined ? this.#blindInARow + 1 : 0;
    const desk = { sinks: this.#teller.figures(), blindInARow: this.#blindInARow };
    // A look speaks for the time to the next one, not for the hour that the process was away.
    const elapsedMs = Math.min(Math.max(0, atMs - (this.#lastLookMs ?? atMs)), 2 * options.everyMs);
    this.#lastLookMs = atMs;
    const { fired, resolved } = this.#ledger.look({ ...(readings ?? NO_READINGS), desk }, atMs, elapsedMs);
    for (const record of fired) this.parts.tell({ type: 'alert.fired', alert: alertOf(record, atMs, options) });
    for (const record of resolved) this.#tellResolved(record, atMs);
    this.#tellSinks(atMs);
    this.#ledger.tidy(atMs);
    await this.#keep();
  }

  #tellSinks(atMs: number): void {
    const { groupMs, repeatMs, businessHours } = this.parts.options;
    const isOpen = this.#hours?.isOpen(atMs) ?? true;
    this.#teller.tellAll({
      atMs,
      isOpen,
      criticalAlways: businessHours?.criticalAlways ?? true,
      groupMs,
      repeatMs,
      isSilenced: (record) => this.#silences.covers(record, atMs),
    });
    if (isOpen && !this.#wasOpen && this.#missed.alerts.length > 0) {
      this.#teller.tellDigest(this.#missed.alerts, this.#missed.left, atMs);
      this.#missed = new MissedAlerts();
    }
    this.#wasOpen = isOpen;
  }

  #tellResolved(record: AlertRecord, atMs: number): void {
    const alert = alertOf(record, atMs, this.parts.options);
    this.parts.tell({ type: 'alert.resolved', alert, lastedMs: atMs - alert.sinceMs });
    if (record.spell?.wasHeld !== true) return;
    // Somebody was to be woken, and was not.
    const pages = this.parts.options.sinks.filter(({ reach }) => reach === 'page');
    if (!pages.some(({ name }) => record.told[name] !== undefined)) this.#missed.add(alert);
  }

  async #restore(): Promise<void> {
    const state = await this.#keeper.load();
    if (state === undefined) return;
    this.#ledger = this.#newLedger(state.records);
    this.#teller = this.#newTeller();
    this.#silences = new AlertSilences(state.silences);
    this.#missed = new MissedAlerts(state.missed, state.missedLeft);
    this.#wasOpen = state.wasOpen;
    this.#lastLookMs = state.atMs;
  }

  #keep(): Promise<void> {
    return this.#keeper.save(() => ({
      version: 1,
      atMs: this.#lastLookMs ?? this.parts.clock.wallMs(),
      wasOpen: this.#wasOpen,
      records: this.#ledger.all(),
      silences: this.#silences.at(this.parts.clock.wallMs()),
      missed: this.#missed.alerts,
      missedLeft: this.#missed.left,
    }));
  }

  #newLedger(records: readonly AlertRecord[]): AlertLedger {
    const { service, environment, rules, workflows, staleMs } = this.parts.options;
    const thresholdsFor = (workflow?: string) => (workflow === undefined ? rules : (workflows.get(workflow) ?? rules));
    return new AlertLedger({ service, environment, rules: ALERT_RULES, thresholdsFor, staleMs }, records);
  }

  #newTeller(): AlertTeller {
    const { options, clock, random, tell } = this.parts;
    // What was taken is kept at once: a process that is killed after that must not send it again.
    const onSettled = () => void this.#keep();
    return new AlertTeller({ options, clock, random, ledger: this.#ledger, tell: (event) => tell(event), onSettled });
  }
}
