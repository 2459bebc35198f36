/** Long enough that chance does not look like load. */
const SPAN_MS = 2_000;

/** Requests a second, smoothed: what weighs on the service. */
export class OfferedRate {
  #weight = 0;
  #atMs = 0;

  count(nowMs: number): void {
    this.#decay(nowMs);
    this.#weight++;
  }

  perSecond(nowMs: number): number {
    this.#decay(nowMs);
    return (this.#weight * 1000) / SPAN_MS;
  }

  #decay(nowMs: number): void {
    this.#weight *= Math.exp((this.#atMs - nowMs) / SPAN_MS);
    this.#atMs = nowMs;
  }
}
