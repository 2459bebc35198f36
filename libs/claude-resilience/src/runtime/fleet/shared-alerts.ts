import type { AlertDesk } from '../../core/alerts/alert-desk.js';
import { readAlertRecords } from '../../core/alerts/alert-desk-state.js';
import type { AlertDuty } from '../../core/alerts/alert-duty.js';
import type { AlertEvent } from '../../core/alerts/alert-event.js';
import type { AlertRecord } from '../../core/alerts/alert-record.js';
import { tellSight, type ReplicaSight } from '../../core/alerts/replica-sight.js';
import type { Clock } from '../../core/clock.port.js';
import type { FleetHearing, FleetParticipant, FleetSaying } from '../../core/fleet/fleet-participant.js';
import { AlertWatch } from './alert-watch.js';

const HOUR_MS = 3_600_000;
/** What a replica sees is looked up so often, in milliseconds, and at once when something happens to it. */
const SEE_EVERY_MS = 15_000;
const REMARK = 'one replica alone: it cannot hear the others';

export interface SharedAlertsParts {
  readonly clock: Clock;
  /** Of the application: others may share the meeting place, and have alerts of their own. */
  readonly name: string;
  /** What this replica sees beside its figures. */
  sight(): Promise<ReplicaSight>;
  /** What the one that looks has found, for this replica's own knowledge. */
  follow(event: AlertEvent): void;
  /** Puts down a note for all. Rejects where they cannot be heard. */
  note(name: string, text: string | undefined, forMs: number): Promise<void>;
  /** Of the state that this replica knows. */
  revision(): number;
}

type Desk = Pick<AlertDesk, 'look' | 'dismiss' | 'adopt' | 'untold' | 'view'>;

/**
 * Alerts are looked after by one replica, by the figures of all (R30 to R37): the others tell it what they see, follow what it
 * does, and go on where it was when it ends.
 */
export class SharedAlerts implements FleetParticipant, AlertDuty {
  readonly #watch: AlertWatch;
  readonly #dismissed: string;
  readonly #adopt: string;
  #desk: Desk | undefined;
  #replica = '';
  #sight: unknown;
  #sawAtMs = -Infinity;
  #told: readonly unknown[] = [];
  /** What others' accounts were when somebody looked last. */
  #accounts = '';
  #wasOurs = false;
  #wasAlone = false;
  /** What was told while this replica was alone, until somebody has taken it over. */
  #untold: readonly AlertRecord[] = [];

  constructor(private readonly parts: SharedAlertsParts) {
    this.#watch = new AlertWatch(parts.clock, parts.name);
    this.#dismissed = `${parts.name}:dismissed:`;
    this.#adopt = `${parts.name}:adopt:`;
  }

  get name(): string {
    return this.parts.name;
  }

  /** Who is told when to look; from then on this replica may be the one. */
  serve(desk: Desk): void {
    this.#desk = desk;
  }

  /** Something happened to what this replica sees: it is told with the next beat. */
  seen(): void {
    this.#sawAtMs = -Infinity;
  }

  end(): void {
    this.#watch.end();
  }

  isOurs(): boolean {
    return this.#watch.isOurs;
  }

  remark(): string | undefined {
    return this.#watch.isAlone ? REMARK : undefined;
  }

  follow(event: AlertEvent): void {
    this.parts.follow(event);
  }

  /** What each of the others sees, as it came out of JSON. */
  sights(): Iterable<unknown> {
    return this.#told;
  }

  /** Ends an alert, whoever looks. @returns whether it is active */
  dismiss(key: string): boolean {
    if (this.#watch.isOurs) return this.#desk?.dismiss(key) ?? false;
    const isActive = this.#desk?.view().alerts.some((alert) => alert.key === key && alert.state !== 'pending') ?? false;
    const text = JSON.stringify({ atMs: this.parts.clock.wallMs() });
    if (isActive) void this.parts.note(this.#dismissed + key, text, HOUR_MS).catch(() => {});
    return isActive;
  }

  say(saying: FleetSaying): void {
    if (this.#desk === undefined) return;
    this.#watch.say(saying);
    this.#wasAlone ||= this.#watch.isAlone;
    this.#see();
    saying.tell(this.parts.name, { revision: this.parts.revision(), sight: this.#sight });
  }

  hear(hearing: FleetHearing): void {
    const desk = this.#desk;
    if (desk === undefined) return;
    this.#replica = hearing.replica;
    if (this.#wasAlone) this.#untold = desk.untold;
    this.#wasAlone = false;
    this.#watch.hear(hearing);
    const told = [...hearing.told(this.parts.name).values()].filter(isObject);
    this.#told = told.map(({ sight }) => sight);
    const isOurs = this.#watch.isOurs;
    if (isOurs) this.#act(desk, hearing);
    else if (told.some(({ revision }) => typeof revision === 'number' && revision > this.parts.revision())) {
      void desk.look();
    }
    if (this.#untold.length > 0 && hearing.holder(this.parts.name) !== 'nobody') this.#handOver(desk, isOurs);
    this.#wasOurs = isOurs;
  }

  alone(): void {}

  #act(desk: Desk, { notes }: FleetHearing): void {
    // What stops an account does not wait for the minute (R4), whichever replica it is that found out.
    const accounts = JSON.stringify(this.#told.map((sight) => (isObject(sight) ? sight['accounts'] : undefined)));
    if (!this.#wasOurs || accounts !== this.#accounts) void desk.look();
    this.#accounts = accounts;
    for (const [name, note] of notes) {
      if (!isObject(note)) continue;
      if (name.startsWith(this.#dismissed)) dismissOld(desk, name.slice(this.#dismissed.length), note['atMs']);
      if (!name.startsWith(this.#adopt)) continue;
      desk.adopt(readAlertRecords(note['records']));
      void this.parts.note(name, undefined, HOUR_MS).catch(() => {});
    }
  }

  #handOver(desk: Desk, isOurs: boolean): void {
    const records = this.#untold;
    this.#untold = [];
    if (isOurs) return desk.adopt(records);
    const text = JSON.stringify({ records });
    void this.parts.note(this.#adopt + this.#replica, text, HOUR_MS).catch(() => (this.#untold = records));
  }

  #see(): void {
    const { clock } = this.parts;
    if (clock.nowMs() - this.#sawAtMs < SEE_EVERY_MS) return;
    this.#sawAtMs = clock.nowMs();
    const see = async () => (this.#sight = tellSight(await this.parts.sight(), clock.wallMs()));
    void see().catch(() => {}); // the store of the queue: others see it, or nobody does
  }
}

/** One that began again since is another one. */
function dismissOld(desk: Desk, key: string, atMs: unknown): void {
  const alert = desk.view().alerts.find((one) => one.key === key);
  if (alert !== undefined && alert.state !== 'pending' && typeof atMs === 'number' && alert.sinceMs <= atMs) {
    desk.dismiss(key);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
