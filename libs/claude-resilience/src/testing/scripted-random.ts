import { Random } from '../core/random.port.js';

/** Chance by script: the given numbers in turn, the last one for ever; ids are `id-1`, `id-2`, ..., and secrets alike */
export class ScriptedRandom extends Random {
  readonly #numbers: readonly number[];
  #used = 0;
  #ids = 0;

  constructor(...numbers: readonly number[]) {
    super();
    this.#numbers = numbers;
  }

  next(): number {
    const at = Math.min(this.#used++, this.#numbers.length - 1);
    return this.#numbers[at] ?? 0;
  }

  id(): string {
    return `id-${++this.#ids}`;
  }

  secret(): string {
    return `secret-${++this.#ids}`;
  }
}
