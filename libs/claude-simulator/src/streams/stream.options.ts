/** How a stream flows. */
export interface StreamOptions {
  /** What one text delta carries: a word with the space before it, or so many characters. @default 'word' */
  readonly chunk?: 'word' | number;
  /** Milliseconds between two events. @default 5; 0 with a clock of your own */
  readonly delayMs?: number;
  /** Milliseconds between two pings, besides the one at the start. @default 15_000 */
  readonly pingEveryMs?: number;
}
