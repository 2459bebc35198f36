import { OutcomeWindow } from './outcome-window.js';

const FAILED = 1;
const SLOW = 2;

/** The last `size` calls, whenever they were: a ring of one byte each, with running sums. */
export class CountWindow extends OutcomeWindow {
  readonly #ring: Uint8Array;
  #next = 0;
  #calls = 0;
  #failures = 0;
  #slow = 0;

  constructor(size: number) {
    super();
    this.#ring = new Uint8Array(size);
  }

  protected add(failed: boolean, slow: boolean): void {
    if (this.#calls === this.#ring.length) {
      const oldest = this.#ring[this.#next] ?? 0;
      if (oldest & FAILED) this.#failures--;
      if (oldest & SLOW) this.#slow--;
    } else {
      this.#calls++;
    }
    this.#ring[this.#next] = (failed ? FAILED : 0) | (slow ? SLOW : 0);
    this.#next = (this.#next + 1) % this.#ring.length;
    if (failed) this.#failures++;
    if (slow) this.#slow++;
  }

  protected hasOnlyGood(): boolean {
    return this.#failures === 0 && this.#slow === 0;
  }

  protected sums() {
    return { calls: this.#calls, failures: this.#failures, slow: this.#slow };
  }

  protected forget(): void {
    this.#next = this.#calls = this.#failures = this.#slow = 0;
  }
}
