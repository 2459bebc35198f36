import type { CircuitSnapshot } from './circuit-snapshot.js';

/** Keeps who holds which circuit across restarts. One value, replaced as a whole. */
export abstract class CircuitHoldStore {
  /** What was saved last, as it came out of JSON; `undefined` when nothing was. Whoever asks checks it. */
  abstract load(): Promise<unknown>;

  /** Resolves once it is kept. Plain JSON; some kilobytes. */
  abstract save(held: readonly CircuitSnapshot[]): Promise<void>;
}
