import type { Clock } from '../../core/clock.port.js';
import type { RequestEndedEvent } from '../../core/events.js';
import type { FleetHearing, FleetParticipant, FleetSaying } from '../../core/fleet/fleet-participant.js';

const CANCELLED = 'cancelled';
const ENDS = 'ends';
/** Told for so long, in milliseconds: whoever lives hears of it within. */
const TOLD_MS = 15_000;
/** Those cancelled last; of others a replica learns when it gives the next sign of life of their lease. */
const MOST_TOLD = 200;

export interface SharedEndsParts {
  readonly clock: Clock;
  /** To ends of requests. */
  subscribe(hear: (event: RequestEndedEvent) => void): void;
  /** It was cancelled in the store. */
  stopWorkOn(requestId: string): void;
  /** Something ended on another replica. */
  endedElsewhere(): void;
}

/**
 * A deferred request may be cancelled on one replica while another one works on it: that one stops with the next beats. And
 * of those that tell people of ends, one replica does at a time: it hears that there is something to tell.
 */
export class SharedEnds implements FleetParticipant {
  #own: { readonly id: string; readonly untilMs: number }[] = [];
  #heard: ReadonlySet<string> = new Set();
  #ends = 0;
  #heardEnds = '';

  constructor(private readonly parts: SharedEndsParts) {
    parts.subscribe((event) => {
      this.#ends++;
      if (event.state !== 'cancelled') return;
      this.#own = [...this.#own, { id: event.requestId, untilMs: parts.clock.nowMs() + TOLD_MS }].slice(-MOST_TOLD);
    });
  }

  say(saying: FleetSaying): void {
    if (this.#ends > 0) saying.tell(ENDS, this.#ends);
    const nowMs = this.parts.clock.nowMs();
    this.#own = this.#own.filter(({ untilMs }) => untilMs > nowMs);
    if (this.#own.length > 0)
      saying.tell(
        CANCELLED,
        this.#own.map(({ id }) => id),
      );
  }

  hear(hearing: FleetHearing): void {
    const ends = JSON.stringify([...hearing.told(ENDS)]);
    if (ends !== this.#heardEnds) this.parts.endedElsewhere();
    this.#heardEnds = ends;
    const ids = new Set([...hearing.told(CANCELLED).values()].flatMap(idsIn));
    for (const id of ids) if (!this.#heard.has(id)) this.parts.stopWorkOn(id);
    this.#heard = ids;
  }

  alone(): void {}
}

/** What another replica says: anything. */
function idsIn(told: unknown): readonly string[] {
  return Array.isArray(told) ? told.slice(0, MOST_TOLD).filter((id) => typeof id === 'string') : [];
}
