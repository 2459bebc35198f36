import type { Clock } from '../../core/clock.port.js';
import type { FleetHearing, FleetSaying } from '../../core/fleet/fleet-participant.js';
import { FLEET_LEASE_MS } from '../../core/fleet/fleet.port.js';

/**
 * Beats without an answer after which the others count as gone. Beats are counted, not time: a process that was stopped for a
 * while has missed none, and finds out whether somebody else looks before it does anything.
 */
const UNHEARD_BEATS = 10;
/** Beats without an answer after which a replica that did not look before looks for itself: 10 minutes. */
const ALONE_BEATS = 600;
/** Beats with an answer before one that could not hear the others asks to look: who did look comes first. */
const SETTLED_BEATS = 5;

/** Who looks after alerts: whoever holds the lease; without the store, whoever did last; long after, everybody for itself. */
export class AlertWatch {
  #unheard = 0;
  #heard = 0;
  #saidAtMs = 0;
  /** By `Clock.nowMs`, counted from when it was asked for: the store gives no less. */
  #heldUntilMs = -Infinity;
  #wasOurs = false;
  #isOver = false;

  /** @param lease work that one replica does at a time */
  constructor(
    private readonly clock: Clock,
    private readonly lease: string,
  ) {}

  /** Whether it is this replica that looks, at this moment. */
  get isOurs(): boolean {
    if (this.clock.nowMs() < this.#heldUntilMs) return true;
    return this.isAlone;
  }

  /** Whether it looks without the others. */
  get isAlone(): boolean {
    return this.#unheard > (this.#wasOurs ? UNHEARD_BEATS : ALONE_BEATS);
  }

  say(saying: FleetSaying): void {
    this.#unheard += 1;
    if (this.#unheard > UNHEARD_BEATS) this.#heard = 0;
    this.#saidAtMs = this.clock.nowMs();
    if (!this.#isOver && (this.#wasOurs || this.#heard >= SETTLED_BEATS)) saying.lease(this.lease);
  }

  hear(hearing: FleetHearing): void {
    this.#unheard = 0;
    this.#heard += 1;
    const holder = hearing.holder(this.lease);
    this.#heldUntilMs = holder === 'this' ? this.#saidAtMs + FLEET_LEASE_MS : -Infinity;
    // Where nobody holds it, who did last is asked first.
    if (holder !== 'nobody') this.#wasOurs = holder === 'this';
  }

  /** Leaves it to others with the next beat. */
  end(): void {
    this.#isOver = true;
    this.#heldUntilMs = -Infinity;
    this.#wasOurs = false;
  }
}
