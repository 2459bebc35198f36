/** Near the number that failed last it takes this many times as many successes to try one more. */
const NEAR_FAILURE_PATIENCE = 10;

/**
 * How many attempts may be under way at a time, learnt where no header tells: halved by a 429, one more for every round
 * of successes, forgotten once it has grown to twice what was refused at first.
 */
export class ConcurrencyLimit {
  #learnt = Infinity;
  #refusedFirstAt = 0;
  #refusedLastAt = 0;
  #loweredAtMs = -Infinity;
  #successes = 0;

  /** @param most attempts whatever is learnt; `Infinity` for none */
  constructor(private readonly most: number) {}

  get value(): number {
    return Math.min(this.most, this.#learnt);
  }

  /** What 429s taught; `undefined` when none did. */
  get learnt(): number | undefined {
    return this.#learnt === Infinity ? undefined : this.#learnt;
  }

  /** @param underWay attempts under way, the refused one included */
  refused(admittedAtMs: number, underWay: number, nowMs: number): void {
    // Whoever is alone was not refused for being one too many.
    if (underWay <= 1) return;
    // Those sent before it was lowered are the same event: 200 refusals at once halve it once.
    if (admittedAtMs <= this.#loweredAtMs) return;
    const at = Math.min(this.#learnt, underWay);
    if (this.#learnt === Infinity) this.#refusedFirstAt = at;
    this.#refusedLastAt = at;
    this.#learnt = Math.max(1, Math.floor(at / 2));
    this.#loweredAtMs = nowMs;
    this.#successes = 0;
  }

  /** Successes prove something only while the limit is in use. */
  succeeded(underWay: number): void {
    if (this.#learnt === Infinity || underWay < this.#learnt) return;
    const isNear = this.#learnt + 1 === this.#refusedLastAt;
    if (++this.#successes < this.#learnt * (isNear ? NEAR_FAILURE_PATIENCE : 1)) return;
    this.#successes = 0;
    this.#learnt++;
    if (this.#learnt >= 2 * this.#refusedFirstAt) this.#learnt = Infinity;
  }
}
