/** An exponential moving average; the first sample is taken as it is. */
export class MovingAverage {
  /** `NaN` before the first sample: one kind of value is kept in place, two are not. */
  #value = NaN;

  /** @param weight of a new sample, above 0 to 1 */
  constructor(private readonly weight: number) {}

  /** `undefined` before the first sample. */
  get value(): number | undefined {
    return Number.isNaN(this.#value) ? undefined : this.#value;
  }

  add(sample: number): void {
    this.#value = Number.isNaN(this.#value) ? sample : this.#value + this.weight * (sample - this.#value);
  }
}
