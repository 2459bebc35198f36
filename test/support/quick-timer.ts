import type { ClaudeClientTimer } from '../../libs/claude-resilience/src/client/client-timer.js';

/** What the client calls a silence, in milliseconds. */
const SILENCE_MS = 45_000;

/** Pauses are noted and over at once; silences are over when a test says so. */
export class QuickTimer implements ClaudeClientTimer {
  readonly #watches = new Set<() => void>();
  /** Pauses so far, in milliseconds. */
  readonly pauses: number[] = [];
  /** What the dice show. */
  chance = 0;
  /** Whether pauses last until the test is over. */
  holds = false;
  onPause: (delayMs: number) => void = () => {};

  after(delayMs: number, run: () => void): () => void {
    if (delayMs === SILENCE_MS) {
      this.#watches.add(run);
      return () => void this.#watches.delete(run);
    }
    this.pauses.push(delayMs);
    this.onPause(delayMs);
    if (this.holds) return () => {};
    const soon = setImmediate(run);
    return () => clearImmediate(soon);
  }

  random(): number {
    return this.chance;
  }

  /** Connections that are watched for silence. */
  get watched(): number {
    return this.#watches.size;
  }

  /** 45 s in which nothing came. */
  fallSilent(): void {
    for (const run of this.#watches) run();
  }
}
