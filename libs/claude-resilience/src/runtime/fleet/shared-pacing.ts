import type { FleetHearing, FleetParticipant, FleetSaying } from '../../core/fleet/fleet-participant.js';
import type { Pacer } from '../../core/pacing/pacer.js';

/** Names of limits are those of `Pacer.wants`. */
const LIMIT = (name: string) => `limit:${name}`;
/** A limit that nobody here has wanted for so long, in requests a second, is given up. */
const NOTHING = 0.001;

/**
 * Replicas share the rate limits of one organisation: each leases a part of every limit, by what it would send, and
 * decides by itself within it. Without the others it keeps the part it had last: they keep theirs, too.
 */
export class SharedPacing implements FleetParticipant {
  #parts = new Map<string, number>();

  constructor(private readonly pacer: Pacer) {}

  say(saying: FleetSaying): void {
    for (const [limit, perSecond] of this.pacer.wants()) {
      if (perSecond > NOTHING || this.#parts.has(limit)) saying.want(LIMIT(limit), perSecond);
    }
  }

  hear(hearing: FleetHearing): void {
    const parts = new Map<string, number>();
    for (const limit of this.pacer.wants().keys()) {
      const part = hearing.share(LIMIT(limit));
      if (part !== undefined) parts.set(limit, part);
    }
    this.#parts = parts;
    // What was not wanted before is begun with as much as anybody may have for certain.
    const usual = 1 / hearing.replicas;
    this.pacer.share((limit) => parts.get(limit) ?? usual);
  }

  alone(): void {}
}
