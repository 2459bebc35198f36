import type { ProbesWord } from '../../core/circuit/circuit-word.js';

const NO_PROBES: ProbesWord = { started: 0, failed: 0, answered: 0, openings: 0, coolDownMs: 0 };

/** What others told of their probes last: so it is known what is new. */
export class HeardProbes {
  /** By replica, and by circuit. */
  readonly #heard = new Map<string, Map<string, ProbesWord>>();

  /**
   * Remembers what is told now. @param isKnown whether the replica was heard before: what it tells for the first time is new
   * @returns what it told before
   */
  replace(replica: string, circuit: string, now: ProbesWord, isKnown: boolean): ProbesWord {
    const heard = this.#heard.get(replica);
    const before = heard?.get(circuit) ?? (isKnown ? NO_PROBES : now);
    if (heard === undefined) this.#heard.set(replica, new Map([[circuit, now]]));
    else heard.set(circuit, now);
    return before;
  }

  /** Of those who are gone nothing is kept. */
  keep(live: { has(replica: string): boolean }): void {
    for (const replica of this.#heard.keys()) if (!live.has(replica)) this.#heard.delete(replica);
  }

  clear(): void {
    this.#heard.clear();
  }
}
