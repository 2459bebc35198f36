/** The only source of chance: jitter and ids. */
export abstract class Random {
  /** Uniform in [0, 1). */
  abstract next(): number;

  /** A new id that nobody can guess or repeat. */
  abstract id(): string;
}
