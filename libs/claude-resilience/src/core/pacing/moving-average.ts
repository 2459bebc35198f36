/** An exponential moving average; the first sample is taken as it is. */
export class MovingAverage {
  #value: number | undefined;

  /** @param weight of a new sample, above 0 to 1 */
  constructor(private readonly weight: number) {}

  /** `undefined` before the first sample. */
  get value(): number | undefined {
    return this.#value;
  }

  add(sample: number): void {
    this.#value = this.#value === undefined ? sample : this.#value + this.weight * (sample - this.#value);
  }
}
