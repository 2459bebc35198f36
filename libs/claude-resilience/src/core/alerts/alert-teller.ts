import type { Clock } from '../clock.port.js';
import type { Random } from '../random.port.js';
import type { AlertEvent } from './alert-event.js';
import { ClaudeUnknownAlertSinkError } from './alert-errors.js';
import type { AlertLedger } from './alert-ledger.js';
import { alertOf } from './alert-of.js';
import { AlertOutbox, type AlertDelivery } from './alert-outbox.js';
import type { AlertRecord, Telling } from './alert-record.js';
import type { AlertSink } from './alert-sink.port.js';
import { isActive } from './alert-state.js';
import { ALERT_SEVERITIES } from './alert-severity.js';
import type { Alert, AlertMessage, ToldAlert } from './alert.js';
import type { ResolvedAlertsOptions } from './alerts.options.js';
import { testAlert, type AlertSinkTest } from './test-alert.js';
import { LONGEST_RESOLVE_MS, tellingsDue, type TellingConditions } from './tellings-due.js';

export interface AlertTellerParts {
  readonly options: ResolvedAlertsOptions;
  readonly clock: Clock;
  readonly random: Random;
  /** Another one when this process takes over from another. */
  ledger(): AlertLedger;
  /** Whether it may be told by this process, at this moment. */
  mayTell(): boolean;
  /** Said with what is told. */
  remark(): string | undefined;
  tell(event: AlertEvent): void;
  /** The ledger knows more of what a sink has. */
  onSettled(): void;
}

/** A message for one sink. */
export interface AlertPost {
  readonly sink: string;
  readonly message: AlertMessage;
}

/** Brings sinks up to what is true, and remembers in the ledger what each has taken. */
export class AlertTeller {
  readonly #lines: readonly { readonly sink: AlertSink; readonly outbox: AlertOutbox }[];

  constructor(private readonly parts: AlertTellerParts) {
    const { clock, random, options } = parts;
    this.#lines = options.sinks.map((sink) => ({
      sink,
      outbox: new AlertOutbox({
        sink,
        clock,
        random,
        rules: options.delivery,
        mayTell: () => parts.mayTell(),
        onDelivery: (message, delivery) => this.#settle(sink, message, delivery),
      }),
    }));
  }

  figures() {
    return this.#lines.map(({ outbox }) => outbox.figures);
  }

  /** What each sink should know and does not: marked in the ledger as on its way, for `post` once that is kept. */
  due(conditions: TellingConditions): readonly AlertPost[] {
    const ledger = this.parts.ledger();
    return this.#lines.flatMap(({ sink }) => {
      const { trigger, resolve, held } = tellingsDue(sink, ledger.all(), conditions);
      for (const record of held) hold(ledger, record);
      return [
        ...(resolve.length > 0 ? [{ sink: sink.name, message: this.#resolve(sink, resolve, conditions.atMs) }] : []),
        ...(trigger.length > 0 ? [{ sink: sink.name, message: this.#trigger(sink, trigger, conditions.atMs) }] : []),
      ];
    });
  }

  /** What came and went, for those who do not wake people. */
  digest(alerts: readonly Alert[], left: number, atMs: number): readonly AlertPost[] {
    return this.#lines.flatMap(({ sink }): readonly AlertPost[] =>
      sink.reach === 'channel'
        ? [{ sink: sink.name, message: { ...this.#envelope(atMs), kind: 'digest', alerts, left } }]
        : [],
    );
  }

  post(posts: readonly AlertPost[]): void {
    for (const { sink: name, message } of posts)
      this.#lines.find(({ sink }) => sink.name === name)?.outbox.post(message);
  }

  /** Somebody else tells from now on. */
  empty(): void {
    for (const { outbox } of this.#lines) outbox.empty();
  }

  /** Sends a test past business hours, silences and the line. @throws {ClaudeUnknownAlertSinkError} */
  async test(name: string, id: string): Promise<AlertSinkTest> {
    const { clock, options } = this.parts;
    const outbox = this.#lines.find(({ sink }) => sink.name === name)?.outbox;
    if (outbox === undefined) throw new ClaudeUnknownAlertSinkError(options.sinks.map((sink) => sink.name));
    const beganMs = clock.nowMs();
    const { trigger, resolve } = testAlert(name, id, clock.wallMs(), options);
    const problem = await outbox.test(trigger);
    const isEnded = problem !== undefined || (await outbox.test(resolve)) === undefined;
    const left = isEnded ? undefined : 'It took the test, and not its end: end it there by hand.';
    const told = problem ?? left;
    return {
      sink: name,
      isTaken: problem === undefined,
      tookMs: clock.nowMs() - beganMs,
      ...(told !== undefined && { problem: told }),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#lines.map(({ outbox }) => outbox.stop()));
  }

  #trigger(sink: AlertSink, due: readonly AlertRecord[], atMs: number): AlertMessage {
    const records = [...due].sort(byGravity);
    const fresh = records.filter(({ told }) => told[sink.name]?.state !== 'told');
    const alerts = records.map((record) => {
      const before = record.told[sink.name];
      const groupKey = before?.groupKey ?? fresh[0]?.key ?? record.key;
      return this.#mark(record, sink, { state: 'sending', atMs, groupKey }, atMs);
    });
    return { ...this.#envelope(atMs), kind: 'trigger', alerts };
  }

  #resolve(sink: AlertSink, due: readonly AlertRecord[], atMs: number): AlertMessage {
    const alerts = [...due].sort(byGravity).map((record) => {
      const before = record.told[sink.name];
      const telling: Telling = {
        state: 'ending',
        atMs: before?.atMs ?? atMs,
        groupKey: before?.groupKey ?? record.key,
      };
      return this.#mark(record, sink, telling, atMs);
    });
    const open = new Set(
      this.parts
        .ledger()
        .all()
        .map(({ told }) => told[sink.name])
        .filter((telling) => telling !== undefined && telling.state !== 'ending' && telling.state !== 'failed')
        .map((telling) => telling?.groupKey),
    );
    const groupsOver = [...new Set(alerts.map(({ groupKey }) => groupKey))].filter((key) => !open.has(key));
    return { ...this.#envelope(atMs), kind: 'resolve', alerts, groupsOver };
  }

  #mark(record: AlertRecord, sink: AlertSink, telling: Telling, atMs: number): ToldAlert {
    this.parts.ledger().set({ ...record, told: { ...record.told, [sink.name]: telling } });
    const wasHeld = sink.reach === 'page' && record.spell?.wasHeld === true;
    return {
      ...alertOf(record, atMs, this.parts.options, this.parts.remark()),
      groupKey: telling.groupKey,
      ...(wasHeld && { wasHeld }),
    };
  }

  #envelope(atMs: number) {
    const { service, environment, dashboardUrl } = this.parts.options;
    return {
      id: this.parts.random.id(),
      atMs,
      service,
      environment,
      ...(dashboardUrl !== undefined && { dashboardUrl }),
    };
  }

  #settle(sink: AlertSink, message: AlertMessage, delivery: AlertDelivery): void {
    if (message.kind !== 'digest') {
      for (const { key } of message.alerts) this.#note(sink.name, key, message, delivery);
      this.parts.onSettled();
    }
    if (delivery.isTaken) return;
    const { reason, tries, problem } = delivery;
    this.parts.tell({
      type: 'alert.delivery_failed',
      sink: sink.name,
      kind: message.kind,
      alerts: message.alerts.length,
      reason,
      tries,
      ...(problem !== undefined && { problem }),
    });
  }

  #note(sink: string, key: string, { kind }: AlertMessage, delivery: AlertDelivery): void {
    const { clock, options } = this.parts;
    const ledger = this.parts.ledger();
    const record = ledger.get(key);
    const telling = record?.told[sink];
    if (record === undefined || telling === undefined) return;
    const { [sink]: _, ...others } = record.told;
    const { notBeforeMs: _waited, ...kept } = telling;
    const nowMs = clock.wallMs();
    const notBeforeMs = nowMs + options.delivery.againMs;
    const set = (next: Telling | undefined) =>
      ledger.set({ ...record, told: next === undefined ? others : { ...others, [sink]: next } });
    if (kind === 'trigger') {
      if (delivery.isTaken) return set({ ...kept, state: 'told' });
      return set({ ...kept, state: delivery.mayHaveArrived ? 'unsure' : 'failed', notBeforeMs });
    }
    if (delivery.isTaken) return set(undefined);
    const isTooLate = nowMs - (record.spell?.endedAtMs ?? 0) > LONGEST_RESOLVE_MS;
    const isGivenUp = delivery.reason === 'refused' || (isTooLate && !isActive(record.state));
    return set(isGivenUp ? undefined : { ...kept, state: delivery.mayHaveArrived ? 'unsure' : 'told', notBeforeMs });
  }
}

function hold(ledger: AlertLedger, record: AlertRecord): void {
  if (record.spell === undefined || record.spell.wasHeld === true) return;
  // Other sinks may have been marked since.
  const latest = ledger.get(record.key) ?? record;
  ledger.set({ ...latest, spell: { ...record.spell, wasHeld: true } });
}

const gravity = ({ severity }: AlertRecord) => ALERT_SEVERITIES.indexOf(severity);

function byGravity(one: AlertRecord, other: AlertRecord): number {
  return gravity(other) - gravity(one) || one.key.localeCompare(other.key);
}
