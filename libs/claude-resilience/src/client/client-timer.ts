/** Where the client takes its time and its chance from; tests give their own. */
export interface ClaudeClientTimer {
  /** Calls back once after `delayMs` milliseconds. Returns the way to call it off, which may come too late. */
  after(delayMs: number, run: () => void): () => void;
  /** Uniform in [0, 1). */
  random(): number;
}
