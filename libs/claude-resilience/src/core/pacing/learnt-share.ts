const SHRINK = 0.8;
const LEAST = 0.05;
/** From nothing to all of it takes so long; less where headers show that plenty is left. */
const GROW_MS = 300_000;
const GROW_FAST_MS = 10_000;

/**
 * How much of a limit is ours, where others draw from it without our knowing (replicas, other applications): less with
 * each 429 that we could not foresee, slowly more otherwise. Those who share a limit so find about equal shares.
 */
export class LearntShare {
  #value = 1;
  #atMs = -Infinity;
  #shrunkAtMs = -Infinity;

  /** Above 0, to 1. */
  get value(): number {
    return this.#value;
  }

  /** @param sentAtMs when the refused request was sent: those sent together are one event */
  shrink(sentAtMs: number, nowMs: number): void {
    if (sentAtMs <= this.#shrunkAtMs) return;
    this.#value = Math.max(LEAST, this.#value * SHRINK);
    this.#shrunkAtMs = this.#atMs = nowMs;
  }

  grow(plentyIsLeft: boolean, nowMs: number): void {
    if (this.#value === 1) return;
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#value = Math.min(1, this.#value + passedMs / (plentyIsLeft ? GROW_FAST_MS : GROW_MS));
    this.#atMs = Math.max(this.#atMs, nowMs);
  }
}
