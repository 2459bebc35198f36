import type { Advisor } from '../core/advice/advisor.js';
import type { Clock } from '../core/clock.port.js';

/** What holds is looked up again after so long, in milliseconds: it is asked for with every request. */
const LOOK_EVERY_MS = 10_000;

/** Features of which it is said that their 529s persist (R12). */
export class OverloadedFeatures {
  #names: ReadonlySet<string> = new Set();
  #lookAtMs = -Infinity;

  constructor(
    private readonly advisor: Pick<Advisor, 'held'>,
    private readonly clock: Clock,
  ) {}

  has(feature: string): boolean {
    const nowMs = this.clock.nowMs();
    if (nowMs >= this.#lookAtMs) {
      this.#lookAtMs = nowMs + LOOK_EVERY_MS;
      const those = this.advisor.held().filter(({ advice }) => advice.topic === 'persistent_overload');
      this.#names = new Set(those.map(({ advice }) => advice.feature));
    }
    return this.#names.has(feature);
  }
}
