import type { CancelTimer, Clock } from '../clock.port.js';
import { errorCodeOf } from '../error-code-of.js';
import type { FleetHearing, FleetParticipant, FleetSaying } from './fleet-participant.js';
import { FLEET_BEAT_MS, FLEET_LEASE_MS, type Fleet, type FleetView } from './fleet.port.js';

/** A share is never less than this part of an even one: whoever has nothing could not even find out what a limit is. */
const LEAST_PART = 0.01;

export interface FleetLoopParts {
  readonly fleet: Pick<Fleet, 'beat' | 'leave'>;
  /** Of this process, since its start. */
  readonly replica: string;
  readonly participants: readonly FleetParticipant[];
  readonly clock: Clock;
  /** The store cannot be reached, or can again. Told once for each. */
  tell(event: FleetEvent): void;
}

/** Replicas cannot hear each other, or can again. */
export type FleetEvent =
  | {
      readonly type: 'fleet.trouble';
      /** Code of our error, or the name of another's. */
      readonly errorCode: string;
    }
  | { readonly type: 'fleet.well'; readonly replicas: number };

/**
 * Meets the other replicas once a second. A store that is slow, gone or lying costs nobody a call: what is heard is
 * advice, and what is not heard in time is over.
 */
export class FleetLoop {
  #since = '';
  /** What others said last, by replica and topic. */
  readonly #news = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #notes = new Map<string, unknown>();
  /** What was said last: the same again need not be sent. */
  #said = '';
  /** What is to be added, and is not on its way. */
  readonly #unsaid = new Map<string, number>();
  /** What is on its way, until it is known to have arrived: whoever heard nothing of it says the same again. */
  #adding = { addsId: 0, adds: {} as Readonly<Record<string, number>> };
  #no = 0;
  #heardAtMs = -Infinity;
  #isInTrouble = false;
  #isAlone = true;
  #isOver = false;
  #failures = 0;
  #cancel: CancelTimer = () => {};
  #replicas = 1;
  /** Parts of limits of the last view. */
  #holds: FleetView['shares'] = {};

  constructor(private readonly parts: FleetLoopParts) {}

  /** Replicas that lived at the last beat; `undefined` while they cannot be heard. */
  get replicas(): number | undefined {
    return this.#isAlone ? undefined : this.#replicas;
  }

  /** Beats that came to nothing, since the start. */
  get failures(): number {
    return this.#failures;
  }

  /** Resolves after the first beat, whatever came of it. */
  async start(): Promise<void> {
    await this.#beat();
  }

  /** Says what is left to say, and gives everything up, so that others have it at once. Never rejects. */
  async stop(): Promise<void> {
    this.#cancel();
    await this.#beat();
    this.#isOver = true;
    this.#cancel();
    await this.parts.fleet.leave(this.parts.replica).catch(() => {});
  }

  async #beat(): Promise<void> {
    const { fleet, replica } = this.parts;
    const { news, ...said } = this.#listen();
    const isNew = news !== this.#said;
    try {
      const beat = { replica, no: ++this.#no, ...said, holds: this.#holds, since: this.#since };
      const view = await fleet.beat(isNew ? { ...beat, news } : beat);
      this.#said = view.isKnown || isNew ? news : '';
      this.#adding = { ...this.#adding, adds: {} };
      if (!this.#isOver) this.#heard(view);
    } catch (error) {
      // Whoever comes back may have forgotten everything.
      this.#said = '';
      this.#failed(error);
    }
    if (!this.#isOver) this.#cancel = this.parts.clock.afterUnref(FLEET_BEAT_MS, () => void this.#beat());
  }

  #listen() {
    const wants: Record<string, number> = {};
    const topics: Record<string, unknown> = {};
    const leases: string[] = [];
    const sums: string[] = [];
    const saying: FleetSaying = {
      want: (limit, perSecond) => (wants[limit] = perSecond),
      tell: (topic, value) => (topics[topic] = value),
      lease: (name) => leases.push(name),
      add: (counter, by) => this.#unsaid.set(counter, (this.#unsaid.get(counter) ?? 0) + by),
      sum: (counter) => sums.push(counter),
    };
    for (const participant of this.parts.participants) participant.say(saying);
    return { wants, leases, sums, ...this.#nextAdds(), news: JSON.stringify(topics) };
  }

  #nextAdds() {
    if (Object.keys(this.#adding.adds).length === 0 && this.#unsaid.size > 0) {
      this.#adding = { addsId: this.#adding.addsId + 1, adds: Object.fromEntries(this.#unsaid) };
      this.#unsaid.clear();
    }
    return this.#adding;
  }

  #heard(view: FleetView): void {
    const { clock, participants, tell } = this.parts;
    this.#since = view.upTo;
    this.#holds = view.shares;
    this.#replicas = Math.max(1, view.replicas);
    this.#heardAtMs = clock.nowMs();
    this.#isAlone = false;
    this.#remember(view);
    const hearing = this.#hearing(view);
    for (const participant of participants) participant.hear(hearing);
    if (this.#isInTrouble) tell({ type: 'fleet.well', replicas: this.#replicas });
    this.#isInTrouble = false;
  }

  #failed(error: unknown): void {
    const { clock, participants, tell } = this.parts;
    this.#failures += 1;
    if (!this.#isInTrouble) tell({ type: 'fleet.trouble', errorCode: errorCodeOf(error) });
    this.#isInTrouble = true;
    if (this.#isAlone || clock.nowMs() - this.#heardAtMs < FLEET_LEASE_MS) return;
    this.#isAlone = true;
    // Who is gone by the time they are heard again is not told for ever.
    this.#since = '';
    for (const participant of participants) participant.alone();
  }

  #remember({ isWhole, news, notes }: FleetView): void {
    if (isWhole) {
      this.#news.clear();
      this.#notes.clear();
    }
    for (const { replica, text } of news) {
      const topics = text === undefined ? undefined : parsed(text);
      if (typeof topics === 'object' && topics !== null) this.#news.set(replica, topics as Record<string, unknown>);
      else this.#news.delete(replica);
    }
    for (const { name, text } of notes) {
      if (text === undefined) this.#notes.delete(name);
      else this.#notes.set(name, parsed(text));
    }
  }

  #hearing({ shares, leases, sums }: FleetView): FleetHearing {
    const { replica } = this.parts;
    return {
      replica,
      replicas: this.#replicas,
      isAllAdded: this.#unsaid.size === 0,
      notes: this.#notes,
      share: (limit) => {
        const share = shares[limit];
        return typeof share === 'number' && share <= 1 ? Math.max(LEAST_PART / this.#replicas, share) : undefined;
      },
      told: (topic) =>
        new Map(
          [...this.#news].flatMap(([other, topics]) => (topic in topics ? [[other, topics[topic]] as const] : [])),
        ),
      holder: (lease) => (leases[lease] === replica ? 'this' : (leases[lease] ?? '') === '' ? 'nobody' : 'other'),
      sum: (counter) => {
        const sum = sums[counter];
        return typeof sum === 'number' && Number.isFinite(sum) ? sum : undefined;
      },
    };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the store, or another version of us: what it means is not known
  }
}
