import type { AdminAct } from './admin-act.js';

const MOST_ACTS = 100;

/** The newest acts of operators, the newest first; what is older is in the log. */
export class RecentActs {
  #acts: readonly AdminAct[] = [];

  get all(): readonly AdminAct[] {
    return this.#acts;
  }

  add(act: AdminAct): void {
    this.#acts = [act, ...this.#acts].slice(0, MOST_ACTS);
  }
}
