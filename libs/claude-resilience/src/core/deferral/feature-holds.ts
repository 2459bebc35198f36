/** Features that are left alone for a while, since nothing of theirs would be sent. Times are those of `Clock.nowMs`. */
export class FeatureHolds {
  readonly #untilMs = new Map<string, number>();

  hold(feature: string, untilMs: number): void {
    this.#untilMs.set(feature, Math.max(untilMs, this.#untilMs.get(feature) ?? 0));
  }

  /** Those that are left alone at this moment. */
  at(nowMs: number): readonly string[] {
    for (const [feature, untilMs] of this.#untilMs) if (untilMs <= nowMs) this.#untilMs.delete(feature);
    return [...this.#untilMs.keys()];
  }

  clear(): void {
    this.#untilMs.clear();
  }
}
