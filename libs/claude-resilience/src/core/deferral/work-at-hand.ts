import type { Clock } from '../clock.port.js';
import type { LeaseKeeper } from './lease-keeper.js';
import type { BreakOff } from './run-request.js';

/** After a shutdown's grace, for what was broken off to be handed back, in milliseconds: a store may not answer at all. */
const LAST_WORDS_MS = 5_000;

/** A deferred request that is worked on in this process. */
export interface Work {
  readonly id: string;
  /** By `Clock.nowMs`. */
  readonly startedAtMs: number;
  readonly off: AbortController;
  readonly keeper: LeaseKeeper;
}

/** What a drain is at work on. */
export class WorkAtHand {
  readonly #works = new Map<Work, Promise<void>>();

  get size(): number {
    return this.#works.size;
  }

  has(id: string): boolean {
    return [...this.#works.keys()].some((work) => work.id === id);
  }

  /** @param run never rejects; @param next is called when it is over and done with */
  begin(work: Work, run: () => Promise<void>, next: () => void): void {
    this.#works.set(work, Promise.resolve()); // it counts from the first moment on
    const over = run().finally(() => {
      work.keeper.stop();
      this.#works.delete(work);
      next();
    });
    this.#works.set(work, over);
  }

  /** @param id of the one that is meant; all when there is none */
  breakOff(why: BreakOff, id?: string): void {
    for (const work of this.#works.keys()) if (id === undefined || work.id === id) work.off.abort(why);
  }

  /** Whose lease has run out, as far as is known here. */
  overdue(wallMs: number): LeaseKeeper | undefined {
    return [...this.#works.keys()].find(({ keeper }) => keeper.isOverdue(wallMs))?.keeper;
  }

  /**
   * Gives what is under way `graceMs` to end, hands the rest back, and gives up on what cannot even be handed back.
   *
   * @param starting what is still being started
   */
  async endWithin(graceMs: number, clock: Clock, starting: Promise<void> | undefined): Promise<void> {
    const { promise: enough, resolve: giveUp } = Promise.withResolvers<void>();
    let stopTimer = clock.after(graceMs, () => {
      this.breakOff('handed_back');
      stopTimer = clock.after(LAST_WORDS_MS, giveUp);
    });
    await Promise.race([this.#ended(starting), enough]);
    stopTimer();
    // No more signs of life for what did not come to an end: its lease runs out, and somebody else takes it up.
    for (const { keeper } of this.#works.keys()) keeper.stop();
  }

  async #ended(starting: Promise<void> | undefined): Promise<void> {
    await starting;
    while (this.#works.size > 0) await Promise.all(this.#works.values());
  }
}
