import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** In `due`: it runs, and may be claimed only when its lease is over; of no index, since a lease changes all the time. */
export const HELD = 2;

/**
 * Knows when something may become due, so that a claim need not look. Nobody else writes the file, so what is known is so; after
 * a rollback it is asked again.
 */
export class ReadyWatch {
  readonly #laterNowDue: StatementSync;
  readonly #soonestLater: StatementSync;
  readonly #nowDue: StatementSync;
  readonly #allHeld: StatementSync;
  /** Ends of leases, by `seq`; `undefined` when they have to be asked for. */
  #leases: Map<number, number> | undefined;
  /** None ends before. */
  #soonestLeaseMs = Infinity;
  /** None of those that wait for later may be claimed before. */
  #soonestLaterMs = -Infinity;

  constructor(database: DatabaseSync) {
    this.#laterNowDue = database.prepare('UPDATE requests SET due = 1 WHERE due = 0 AND ready_at_ms <= ?');
    this.#soonestLater = database.prepare(
      'SELECT min(ready_at_ms) AS at FROM requests WHERE due = 0 AND ready_at_ms IS NOT NULL',
    );
    this.#nowDue = database.prepare('UPDATE requests SET due = 1 WHERE seq = ?');
    this.#allHeld = database.prepare(
      `SELECT seq, ready_at_ms AS at FROM requests WHERE ended_at_ms IS NULL AND due = ${HELD}`,
    );
  }

  /** Marks what may be claimed now. */
  look(nowMs: number): void {
    if (nowMs >= this.#soonestLaterMs) {
      this.#laterNowDue.run(nowMs);
      this.#soonestLaterMs = Number(this.#soonestLater.get()?.['at'] ?? Infinity);
    }
    const leases = this.#known();
    if (nowMs < this.#soonestLeaseMs) return;
    this.#soonestLeaseMs = Infinity;
    for (const [seq, untilMs] of leases) {
      if (untilMs > nowMs) this.#soonestLeaseMs = Math.min(this.#soonestLeaseMs, untilMs);
      else {
        this.#nowDue.run(seq);
        leases.delete(seq);
      }
    }
  }

  waitsFor(readyAtMs: number): void {
    this.#soonestLaterMs = Math.min(this.#soonestLaterMs, readyAtMs);
  }

  held(seq: number, untilMs: number): void {
    this.#leases?.set(seq, untilMs);
    this.#soonestLeaseMs = Math.min(this.#soonestLeaseMs, untilMs);
  }

  letGo(seq: number): void {
    this.#leases?.delete(seq);
  }

  /** After a rollback. */
  forget(): void {
    this.#leases = undefined;
    this.#soonestLaterMs = -Infinity;
  }

  #known(): Map<number, number> {
    if (this.#leases !== undefined) return this.#leases;
    this.#leases = new Map();
    for (const { seq, at } of this.#allHeld.all()) this.held(Number(seq), Number(at));
    return this.#leases;
  }
}
