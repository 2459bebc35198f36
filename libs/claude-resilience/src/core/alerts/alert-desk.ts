import type { Clock } from '../clock.port.js';
import type { Random } from '../random.port.js';
import type { AlertDuty } from './alert-duty.js';
import type { AlertEvent } from './alert-event.js';
import { AlertMemory } from './alert-memory.js';
import { alertOf } from './alert-of.js';
import { NO_READINGS, type AlertReadings } from './alert-readings.js';
import type { AlertRecord } from './alert-record.js';
import { AlertRounds } from './alert-rounds.js';
import type { AlertSilence, NewAlertSilence } from './alert-silence.js';
import { AlertStateKeeper, type Keeping } from './alert-state-keeper.js';
import type { AlertStateStore } from './alert-state-store.port.js';
import { AlertTeller, type AlertPost } from './alert-teller.js';
import { shownAlerts, type AlertDeskView } from './alert-desk-view.js';
import type { ResolvedAlertsOptions } from './alerts.options.js';
import { BusinessHours } from './business-hours.js';
import { changedAlerts } from './changed-alerts.js';
import { inTime } from './in-time.js';
import { joinAlertStates, joinRecords } from './join-alert-states.js';
import { MissedAlerts } from './missed-alerts.js';
import type { AlertSinkTest } from './test-alert.js';

export interface AlertDeskParts {
  readonly options: ResolvedAlertsOptions;
  /** What there is to look at. One that fails, or takes over 10 s, is blindness, and that is an alert of its own. */
  readings(atMs: number): AlertReadings | Promise<AlertReadings>;
  readonly clock: Clock;
  readonly random: Random;
  /** Absent: a restart forgets. With a `duty`, the one that all share. */
  readonly store?: AlertStateStore;
  /** Absent: this process looks, always. */
  readonly duty?: AlertDuty;
  tell(event: AlertEvent): void;
}

const LONGEST_READING_MS = 10_000;

/**
 * Looks at the readings each minute and when somebody asks, and tells sinks of what has begun and ended (R30 to R34, R37).
 * Nothing here is on the way of a request. With several replicas one of them looks, at the figures of all. What is to be told
 * is kept before it is sent, and marked after: whoever goes on, after a restart or on another replica, tells what is not marked.
 */
export class AlertDesk {
  readonly #memory: AlertMemory;
  readonly #teller: AlertTeller;
  readonly #hours: BusinessHours | undefined;
  #blindInARow = 0;
  /** Whether this process has been the one that looks since its last look. */
  #isActing: boolean;
  /** The newest look that all know of. */
  #jointMs = -Infinity;
  readonly #keeper: AlertStateKeeper;
  readonly #rounds: AlertRounds;

  constructor(private readonly parts: AlertDeskParts) {
    const { options, clock, random, tell, store, duty } = parts;
    this.#hours = options.businessHours && new BusinessHours(options.businessHours);
    this.#memory = new AlertMemory(options);
    this.#keeper = new AlertStateKeeper(store, clock);
    this.#rounds = new AlertRounds(clock, options.everyMs, () => this.#lookOnce());
    this.#isActing = duty === undefined;
    this.#teller = new AlertTeller({
      options,
      clock,
      random,
      ledger: () => this.#memory.ledger,
      mayTell: () => this.#mayTell(),
      remark: () => duty?.remark(),
      tell: (event) => tell(event),
      // What was taken is kept at once: a process that is killed after that must not send it again.
      onSettled: () => void this.#keep(),
    });
  }

  /** Once: remembers what the last process knew, and looks for the first time. @throws {ClaudeInvalidOptionsError} of a sink */
  async start(): Promise<void> {
    await Promise.all(this.parts.options.sinks.map((sink) => sink.open()));
    if (this.parts.duty === undefined) {
      const state = await this.#keeper.load();
      if (state !== undefined) this.#memory.use(state, true);
    }
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
    this.adoptSilence(silence);
    return silence;
  }

  /** The same of one that was asked for elsewhere, and has its id. */
  adoptSilence(silence: AlertSilence): void {
    this.#memory.silences.end(silence.id, this.parts.clock.wallMs());
    this.#memory.silences.add(silence);
    void this.#keep();
  }

  /** @returns whether there was such a silence */
  endSilence(id: string): boolean {
    const was = this.#memory.silences.end(id, this.parts.clock.wallMs());
    void this.#keep();
    return was;
  }

  /** Ends an alert by hand, for what nobody will ever speak of again. @returns whether it was active */
  dismiss(key: string): boolean {
    const atMs = this.parts.clock.wallMs();
    const dismissed = this.#memory.ledger.dismiss(key, atMs);
    if (dismissed !== undefined) this.#resolved(dismissed, atMs);
    return dismissed !== undefined;
  }

  /** What another replica told while it was alone: from now on this one tells its end. */
  adopt(records: readonly AlertRecord[]): void {
    for (const record of joinRecords(this.#memory.ledger.all(), records, -Infinity)) this.#memory.ledger.set(record);
    void this.#keep();
  }

  /** What this process told, and others do not know of. */
  get untold(): readonly AlertRecord[] {
    return joinRecords([], this.#memory.ledger.all(), this.#jointMs);
  }

  /** Sends a test through one sink, at any hour. @throws {ClaudeUnknownAlertSinkError} */
  test(sink: string): Promise<AlertSinkTest> {
    return this.#teller.test(sink, this.parts.random.id());
  }

  view(): AlertDeskView {
    const atMs = this.parts.clock.wallMs();
    const { ledger, silences, lastLookMs } = this.#memory;
    const opensAtMs = this.#hours?.nextOpening(atMs);
    return {
      alerts: shownAlerts(ledger.all(), atMs, this.parts.options, (record) => silences.covers(record, atMs)),
      silences: silences.at(atMs),
      sinks: this.#teller.figures(),
      ...(lastLookMs !== undefined && { lastLookMs }),
      ...(opensAtMs !== undefined && { opensAtMs }),
      storeFailures: this.#keeper.failures,
    };
  }

  async #lookOnce(): Promise<void> {
    const { clock, options, tell } = this.parts;
    if (!(await this.#isOnDuty())) return;
    const readings = await inTime(() => this.parts.readings(clock.wallMs()), LONGEST_READING_MS, clock);
    if (this.#rounds.isOver) return;
    const atMs = clock.wallMs();
    const memory = this.#memory;
    this.#blindInARow = readings === undefined ? this.#blindInARow + 1 : 0;
    const desk = { sinks: this.#teller.figures(), blindInARow: this.#blindInARow };
    // A look speaks for the time to the next one, not for the hour that the process was away.
    const elapsedMs = Math.min(Math.max(0, atMs - (memory.lastLookMs ?? atMs)), 2 * options.everyMs);
    memory.lastLookMs = atMs;
    const { fired, resolved } = memory.ledger.look({ ...(readings ?? NO_READINGS), desk }, atMs, elapsedMs);
    for (const record of resolved) this.#miss(record, atMs);
    const posts = this.#due(atMs);
    memory.ledger.tidy(atMs);
    if ((await this.#keep()) === 'elsewhere') return;
    for (const record of fired) tell({ type: 'alert.fired', alert: this.#alertOf(record, atMs) });
    for (const record of resolved) this.#tellResolved(record, atMs);
    this.#teller.post(posts);
  }

  /** Takes over from another process, or leaves it to one. */
  async #isOnDuty(): Promise<boolean> {
    const { duty, clock } = this.parts;
    if (duty === undefined) return true;
    if (!this.#mayTell()) {
      await this.#follow(duty);
      return false;
    }
    if (this.#isActing) return true;
    const own = this.#memory.lastLookMs === undefined ? undefined : this.#memory.state(clock.wallMs());
    const state = joinAlertStates(await this.#keeper.load(), own, this.#jointMs);
    if (!duty.isOurs()) return false;
    if (state !== undefined) this.#memory.use(state, false);
    return (this.#isActing = true);
  }

  async #follow(duty: AlertDuty): Promise<void> {
    const state = await this.#keeper.load();
    if (state === undefined || this.#isActing) return;
    const { ledger } = this.#memory;
    const atMs = this.parts.clock.wallMs();
    this.#memory.use(state, false);
    this.#jointMs = state.atMs;
    const { fired, resolved } = changedAlerts(ledger.all(), state.records);
    for (const record of fired) duty.follow({ type: 'alert.fired', alert: this.#alertOf(record, atMs) });
    for (const record of resolved) {
      const alert = this.#alertOf(record, atMs);
      duty.follow({ type: 'alert.resolved', alert, lastedMs: atMs - alert.sinceMs });
    }
  }

  #mayTell(): boolean {
    if (this.parts.duty?.isOurs() !== false) return true;
    // What is on its way is another's matter from now on.
    if (this.#isActing) this.#teller.empty();
    return (this.#isActing = false);
  }

  #due(atMs: number): readonly AlertPost[] {
    const { groupMs, repeatMs, businessHours } = this.parts.options;
    const memory = this.#memory;
    const isOpen = this.#hours?.isOpen(atMs) ?? true;
    const posts = this.#teller.due({
      atMs,
      isOpen,
      criticalAlways: businessHours?.criticalAlways ?? true,
      groupMs,
      repeatMs,
      isSilenced: (record) => memory.silences.covers(record, atMs),
    });
    const hasOpened = isOpen && !memory.wasOpen && memory.missed.alerts.length > 0;
    memory.wasOpen = isOpen;
    if (!hasOpened) return posts;
    const { alerts, left } = memory.missed;
    memory.missed = new MissedAlerts();
    return [...posts, ...this.#teller.digest(alerts, left, atMs)];
  }

  #resolved(record: AlertRecord, atMs: number): void {
    this.#miss(record, atMs);
    this.#tellResolved(record, atMs);
  }

  #tellResolved(record: AlertRecord, atMs: number): void {
    const alert = this.#alertOf(record, atMs);
    this.parts.tell({ type: 'alert.resolved', alert, lastedMs: atMs - alert.sinceMs });
  }

  /** Somebody was to be woken, and was not. */
  #miss(record: AlertRecord, atMs: number): void {
    if (record.spell?.wasHeld !== true) return;
    const pages = this.parts.options.sinks.filter(({ reach }) => reach === 'page');
    if (!pages.some(({ name }) => record.told[name] !== undefined)) {
      this.#memory.missed.add(this.#alertOf(record, atMs));
    }
  }

  #alertOf(record: AlertRecord, atMs: number) {
    return alertOf(record, atMs, this.parts.options, this.parts.duty?.remark());
  }

  async #keep(): Promise<Keeping> {
    if (!this.#isActing) return 'elsewhere';
    const keeping = await this.#keeper.save(() => this.#memory.state(this.parts.clock.wallMs()));
    if (keeping === 'kept') this.#jointMs = this.#memory.lastLookMs ?? this.#jointMs;
    if (keeping === 'elsewhere' && this.#isActing) {
      this.#teller.empty();
      this.#isActing = false;
    }
    return keeping;
  }
}
