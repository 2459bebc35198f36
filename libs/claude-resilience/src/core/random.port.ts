/** The only source of chance: jitter and ids. */
export abstract class Random {
  /** Uniform in [0, 1). */
  abstract next(): number;

  /** A new id that nobody can guess or repeat. */
  abstract id(): string;

  /** A new word of 22 characters, safe in a URL, with 128 bits of chance: who knows it may be trusted with what it names. */
  abstract secret(): string;
}
