import { spreadOf, type Spread } from './spread.js';

/** What variants took, round by round, in nanoseconds for one time. */
export class Readings {
  readonly #ns = new Map<string, number[]>();

  add(name: string, ns: number): void {
    const known = this.#ns.get(name);
    if (known === undefined) this.#ns.set(name, [ns]);
    else known.push(ns);
  }

  names(): readonly string[] {
    return [...this.#ns.keys()];
  }

  /** Nanoseconds. */
  of(name: string): Spread {
    return spreadOf(this.#of(name));
  }

  /** How many times as long as another one: taken round by round, since what disturbs a round disturbs both. */
  ratio(name: string, reference: string): Spread {
    const others = this.#of(reference);
    return spreadOf(this.#of(name).map((ns, round) => ns / (others[round] ?? Number.NaN)));
  }

  #of(name: string): readonly number[] {
    const ns = this.#ns.get(name);
    if (ns === undefined) throw new Error(`Nothing was measured under "${name}"`);
    return ns;
  }
}
